
## Settings

settings-back = ‹ Einstellungen
settings-you = Du
settings-profile = Profil
settings-profile-hint = Name, Text über dich, Bilder, wer dich finden und dir folgen darf
settings-posting = Schreiben
settings-posting-hint = Publikum, Sprache, wer antworten und zitieren darf, wenn du nichts anderes sagst
settings-reading = Aussehen und Lesen
settings-reading-hint = Sprache der Seiten, Warnungen, Bilder
settings-tags = Hashtags
settings-tags-hint = Denen du folgst, die auf deinem Profil stehen
settings-quiet = Ruhe
settings-filters = Filter
settings-filters-hint = Wörter, die du lieber nicht liest
settings-blocks = Blockierte Leute
settings-blocks-hint = Sie sehen und erreichen dich nicht
settings-mutes = Stummgeschaltete Leute
settings-mutes-hint = Du siehst sie nicht; sie wissen es nicht
settings-domains = Blockierte Server
settings-domains-hint = Von dort erreicht dich nichts
settings-security = Sicherheit
settings-access = Browser und Apps
settings-access-hint = Wo du angemeldet bist, wen du hereingelassen hast
settings-password = Passwort
settings-password-hint = Ein anderes wählen; alles andere wird abgemeldet
settings-data = Deine Daten
settings-transfer = Import und Export
settings-transfer-hint = Gefolgte, Blockierte, Stummgeschaltete, Lesezeichen und Listen mitbringen oder mitnehmen
settings-moving-here-hint = Nenne das Konto, von dem du kommst
settings-moving-away-hint = Nimm deine Follower zu einem anderen Konto mit
settings-delete = Konto löschen
settings-delete-hint = Mit allem darin, für immer
settings-email = Post geht an { $address }.
settings-your-password = Dein Passwort

## Settings: profile

profile-name = Name
profile-bio = Über dich
profile-bio-hint = Links, Erwähnungen und Hashtags funktionieren hier.
profile-fields = Weitere Angaben
profile-fields-hint = Deine Website, deine Pronomen, was du magst. Eine Seite, die mit rel="me" hierher verweist, wird als geprüft gezeigt.
profile-field-name = Name der Angabe { $count }
profile-field-value = Inhalt der Angabe { $count }
profile-avatar = Bild
profile-header = Breites Bild
profile-picture = Ein Bild wählen
profile-another-picture = Ein anderes Bild wählen
profile-who-sees = Wer was sieht
profile-is-locked = Ich sehe mir Folgeanfragen zuerst an
profile-is-locked-hint = Sonst folgt dir gleich, wer will.
profile-is-discoverable = Ich darf anderen vorgeschlagen werden
profile-is-discoverable-hint = Im Verzeichnis, in Vorschlägen und bei dem, was gerade los ist.
profile-is-indexable = Meine öffentlichen Beiträge dürfen durch Suche gefunden werden
profile-is-indexable-hint = Sonst findet sie nur, wer mit ihnen zu tun hatte.
profile-hides = Verbergen, wem ich folge und wer mir folgt
profile-shows-media = Mein Profil hat einen Reiter mit Bildern
profile-shows-replies = Dort stehen auch Antworten
profile-shows-featured = Mein Profil hat einen Reiter mit dem, was ich empfehle
profile-is-bot = Dieses Konto ist ein Programm
profile-is-bot-hint = Es schreibt meist von selbst.
profile-domains = Websites, die dich als Autor nennen dürfen
profile-domains-hint = Eine pro Zeile. Nur diese dürfen deinen Namen neben dem zeigen, was sie veröffentlichen.

## Settings: posting and reading

posting-language = Sprache, in der du schreibst
posting-repliers-hint = Für öffentliche und stille Beiträge. Wen du erwähnst, darf immer antworten.
posting-repliers-other = Wie eine App es gesetzt hat
posting-likes = Server ohne Reaktionen sollen meine als Favorit zeigen
posting-likes-hint = Mastodon und andere kennen keine Emoji-Reaktionen und verwerfen sie. So gesendet zählt eine Reaktion dort als Favorit, was auch immer das Emoji bedeutet; Server, die Reaktionen kennen, zeigen sie, wie sie ist.
reading-language = Sprache der Seiten
reading-media = Bilder
reading-media-default = Alle außer heiklen zeigen
reading-media-all = Alle zeigen
reading-media-none = Verbergen, bis ich sie öffne
media-folded =
    { $count ->
        [one] { $count } Anhang
       *[other] { $count } Anhänge
    }
reading-spoilers = Beiträge mit Warnung gleich öffnen
reading-apps-hint = Auch Apps halten sich daran, wenn sie danach fragen.

## Settings: browsers and apps

access-browsers = Angemeldete Browser
access-applications = Apps, die du hereingelassen hast
access-none = Keine App hat Zugriff.
access-unnamed = Ein Browser, der seinen Namen nicht sagt
access-unknown = Eine App, die nicht mehr bekannt ist
access-since = angemeldet { $time }
access-own = dieser hier
access-given = hereingelassen { $time }
access-may = Was sie darf
access-end = Zugriff entziehen
access-end-others = Alle anderen Browser abmelden
notice-signed-out = Dort abgemeldet.
notice-access-ended = Sie hat keinen Zugriff mehr.

## Two-factor authentication

settings-second-factor = Anmeldung in zwei Schritten
settings-second-factor-hint = Ein Code deines Telefons neben dem Passwort
second-factor-says = Zum Anmelden braucht es dann dein Passwort und einen Code, den ein Programm auf deinem Telefon erzeugt. Wer nur dein Passwort erfährt, kommt nicht herein.
second-factor-program = 1. Dein Programm
second-factor-scan = Lass ein Programm, das solche Codes erzeugt (Aegis, 2FAS, eine Passwortverwaltung), dieses Quadrat lesen.
second-factor-square = Quadrat mit dem Geheimnis, für eine Kamera
second-factor-secret = Oder gib dieses Geheimnis ein:
second-factor-open = In einem Programm auf diesem Gerät öffnen
second-factor-codes = 2. Ersatzcodes
second-factor-codes-say = Jeder dieser Codes lässt dich einmal herein, falls dein Telefon verloren geht. Druck diese Seite aus oder schreib sie auf: Sie stehen nur hier.
second-factor-confirm = 3. Bestätigen
second-factor-code = Code, den dein Programm jetzt zeigt
second-factor-ends = Jeder andere Browser und jede App muss sich neu anmelden.
second-factor-turn-on = Einschalten
second-factor-since = Eingeschaltet { $time }.
second-factor-codes-left =
    { $count ->
        [0] Kein Ersatzcode ist übrig.
        [one] { $count } Ersatzcode ist übrig.
       *[other] { $count } Ersatzcodes sind übrig.
    }
second-factor-new-codes = Neue Ersatzcodes
second-factor-codes-replace = Sobald du weitergehst, gelten diese Codes und alle früheren nicht mehr.
second-factor-codes-kept = Ich habe sie: ab jetzt gelten diese
second-factor-off = Darauf verzichten
second-factor-turn-off = Ausschalten
second-step = Noch ein Schritt
second-step-code = Code
second-step-note = Die sechs Ziffern, die dein Programm zeigt, oder einer deiner Ersatzcodes.
second-step-wrong = Dieser Code ist falsch, zu alt oder schon benutzt.
second-step-again = Als jemand anderes anmelden
notice-second-factor-on = Die Anmeldung in zwei Schritten ist eingeschaltet.
notice-second-factor-off = Die Anmeldung in zwei Schritten ist ausgeschaltet.
notice-second-factor-codes = Die neuen Ersatzcodes gelten jetzt.

## Recovery sheet

settings-recovery = Notfallblatt
settings-recovery-hint = Ein Code auf Papier, falls du dein Passwort vergisst
recovery-sheet = Dein Notfallblatt
recovery-says = Falls du dein Passwort vergisst, kannst du mit diesem Code ein anderes wählen, ganz ohne Post. Druck diese Seite aus oder schreib den Code auf, und heb ihn auf, wo nur du ihn findest: Er steht nur hier. Er gilt ein Mal, und nicht mehr, wenn das Passwort anders geändert wurde.
recovery-account = Konto
recovery-where = Wo der Code eingegeben wird
recovery-made = Du hast ein Blatt, gemacht { $time }. Unten steht ein neues, das an seine Stelle tritt, sobald du sagst, dass du es hast.
recovery-none = Du hast kein Notfallblatt. Unten steht ein neues, das gilt, sobald du sagst, dass du es hast.
recovery-print = Druck diese Seite jetzt aus, oder schreib den Code ab.
recovery-keep = Ich habe es: ab jetzt gilt es
recovery-use = Mit dem Notfallblatt ein Passwort wählen
recovery-login = Benutzername oder E-Mail-Adresse
recovery-code = Code auf deinem Notfallblatt
recovery-password = Neues Passwort
recovery-password-note = Mindestens 8 Zeichen. Jeder Browser und jede App muss sich neu anmelden, und das Blatt ist verbraucht.
recovery-set = Passwort setzen
recovery-wrong = Dieser Name und dieser Code gehören nicht zusammen, oder der Code ist schon benutzt.
notice-recovery = Das neue Notfallblatt gilt jetzt.

## Settings: e-mail address

settings-email-change = E-Mail-Adresse
settings-email-change-hint = Wohin Briefe gehen
email-none = Du hast hier keine E-Mail-Adresse.
email-wanted = Ein Brief an { $address } ist unterwegs; öffne den Link darin.
email-new = Neue Adresse
email-note = Dorthin geht ein Brief mit einem Link. Bis er geöffnet wird, ändert sich nichts.
email-note-at-once = Dieser Server schickt keine Briefe; sie wird sofort geändert.
email-change = Adresse ändern
email-confirm-says = Briefe gehen von jetzt an an { $address }.
email-confirm = Bestätigen
notice-email-asked = Sieh in deine Post: Ein Brief mit einem Link ist unterwegs.
notice-email-changed = Die Adresse ist geändert.
access-used = zuletzt benutzt { $time }

## Passkeys

settings-passkeys = Passkeys
settings-passkeys-hint = Mit Finger, Gesicht oder Schlüssel anmelden
passkeys-say = Mit einem Passkey meldest du dich durch das an, was dein Gerät oder deinen Sicherheitsschlüssel entsperrt. Niemand kann ihn erraten oder dir auf einer nachgemachten Seite entlocken. Dein Passwort gilt weiter.
passkeys-none = Du hast noch keine Passkeys.
passkeys-need-script = Um einen Passkey hinzuzufügen, braucht diese Seite Skripte und einen Browser, der Passkeys kennt.
passkey-new = Neuer Passkey
passkey-name = Wie du ihn nennst
passkey-name-note = Dein Telefon zum Beispiel. Nur du siehst es.
passkey-unnamed = Ein Passkey ohne Namen
passkey-added = hinzugefügt { $time }
passkey-add = Passkey hinzufügen
passkey-remove = Wegnehmen
passkey-enter = Mit einem Passkey anmelden
passkey-failed = Daraus wurde nichts. Du kannst es noch einmal versuchen.
passkey-wrong = Dieser Passkey ist hier nicht bekannt, oder es hat zu lange gedauert.
notice-passkey-added = Mit diesem Passkey kannst du dich ab jetzt anmelden.
notice-passkey-removed = Der Passkey lässt niemanden mehr herein.

## Settings: blocks, mutes, servers

people-handle = Adresse
blocks-says = Blockierte Leute können dir nicht folgen, deine Beiträge nicht sehen und dich nicht erreichen. Das Folgen endet in beide Richtungen.
blocks-none = Du blockierst niemanden.
blocks-tell = Dem anderen Server sagen, wenn ich jemanden blockiere
blocks-tell-hint = Sonst erfährt er nur, dass das Folgen endet. Ein Server, der es weiß, kann deine Beiträge vor der blockierten Person verbergen; manche sagen ihr, dass du sie blockierst.
mutes-says = Was stummgeschaltete Leute schreiben, erreicht dich nicht. Niemand sagt es ihnen.
mutes-none = Du hast niemanden stummgeschaltet.
mutes-lasts = Wie lange
mutes-for-ever = Bis ich es ändere
mutes-notifications = Auch Mitteilungen verbergen
mutes-ends = bis { $time }
lasts-30-days = 30 Tage
domains-says = Von blockierten Servern erreicht dich nichts, und deine Follower von dort werden entfernt.
domains-name = Name des Servers
domains-block = Blockieren
domains-none = Du blockierst keinen Server.
people-nobody = Niemand heißt { $name }.
people-silent = { $host } sagt nicht, wer das ist; vielleicht später.

## Settings: filters

filters-says = Beiträge mit diesen Wörtern werden verdeckt oder ganz weggelassen. Deine eigenen nie.
filters-none = Noch keine Filter.
filter-new = Neuer Filter
filter-one = Filter
filter-title = Name des Filters
filter-words = Wörter
filter-words-hint = Groß und klein ist gleich. Leere eine Zeile, um ihr Wort zu entfernen; speichere für weitere Zeilen.
filter-word = Wort oder Wendung { $count }
filter-word-how = Wo Wort { $count } zählt
filter-whole = Ganze Wörter
filter-anywhere = Auch in Wörtern
filter-where = Wo er zählt
filter-home = Startseite und Listen
filter-public = Öffentliche Timelines
filter-thread = Unterhaltungen
filter-account = Profile
filter-what = Was geschieht
filter-warn = Verdecken; sein Name wird gezeigt
filter-hide = Weglassen
filter-blur = Bilder verdecken
filter-lasts = Wie lange
filter-keeps = Wie bisher
filter-until = bis { $time }
filter-try = Ausprobieren
filter-finds =
    { $count ->
        [one] Er fände { $found } von { $count } letzten Beitrag deiner Startseite.
       *[other] Er fände { $found } der letzten { $count } Beiträge deiner Startseite.
    }
notice-filter-removed = Der Filter ist weg.

## Settings: hashtags

tags-followed = Hashtags, denen du folgst
tags-followed-hint = Beiträge damit stehen auf deiner Startseite.
tags-featured = Hashtags auf deinem Profil
tags-featured-hint = Wer vorbeikommt, findet deine Beiträge damit auf einen Blick.
tags-name = Hashtag
tags-follow = Folgen
tags-feature = Auf mein Profil
tags-unfeature = Herunternehmen
tags-suggested = Diese verwendest du am meisten:
tags-none = Noch keine.

## Settings: import and export

transfer-following = Leute, denen du folgst
transfer-out = Mitnehmen
transfer-out-hint = Tabellen (CSV), die Mastodon und die meisten anderen Server lesen.
transfer-take = Herunterladen
transfer-in = Mitbringen
transfer-what = Was in der Datei steht
transfer-file = Datei
transfer-file-hint =
    { $count ->
        [one] Eine Tabelle (CSV), wie Mastodon sie schreibt, höchstens { $count } Zeile.
       *[other] Eine Tabelle (CSV), wie Mastodon sie schreibt, höchstens { $count } Zeilen.
    }
transfer-mode = Was aus dem wird, was schon da ist
transfer-merge = Es bleibt; die Datei kommt dazu
transfer-overwrite = Was nicht in der Datei steht, wird entfernt
transfer-bring = Mitbringen
transfer-lately = Zuletzt mitgebracht
transfer-look = Ansehen
transfer-under-way = läuft
transfer-over = fertig
transfer-progress = Wie weit es ist
transfer-done =
    { $count ->
        [one] { $done } von { $count } Zeile
       *[other] { $done } von { $count } Zeilen
    }
transfer-taken =
    { $count ->
        [one] { $count } Zeile wurde übernommen.
       *[other] { $count } Zeilen wurden übernommen.
    }
transfer-refused =
    { $count ->
        [one] { $count } Zeile wurde abgelehnt.
       *[other] { $count } Zeilen wurden abgelehnt.
    }
transfer-removed =
    { $count ->
        [one] { $count } Eintrag, der nicht in der Datei stand, wurde entfernt.
       *[other] { $count } Einträge, die nicht in der Datei standen, wurden entfernt.
    }
transfer-goes-on = Es geht von selbst weiter, auch wenn du diese Seite verlässt. Andere Server werden nacheinander gefragt; das dauert eine Weile.
transfer-again = Noch einmal nachsehen
transfer-refused-rows = Abgelehnte Zeilen
transfer-no-file = Wähle zuerst eine Datei.
refused-unreadable = Das ist kein Name und keine Adresse.
refused-unknown = Niemand und nichts heißt so.
refused-silent = Der andere Server hat nicht geantwortet. Du kannst die Datei später noch einmal mitbringen.
refused-not-allowed = Es geht nicht: eine Blockade, eine Grenze oder ein umgezogenes Konto.
notice-import-begun = Die Datei wird gelesen.

## Settings: deleting the account

leave-owner = Dieser Server gehört dir. Mach jemand anderen zum Eigentümer, bevor du gehst.
leave-says = Bevor du weitermachst, lies dies:
leave-posts = Dein Profil, deine Beiträge, Bilder, Listen, Gefolgten und Lesezeichen werden hier gelöscht.
leave-everywhere = Jeder Server, der dich kennt, wird gebeten, sie auch zu löschen; ob er es tut, ist seine Sache.
leave-name = Niemand bekommt den Namen { $name } wieder, auch du nicht.
leave-for-good = Das kann nicht rückgängig gemacht werden.
leave-before = Vorher möchtest du vielleicht:
leave-do = Mein Konto für immer löschen
leave-wrong-password = Das ist nicht dein Passwort.

## Einstellungen: Umzug

moving-here = Von einem anderen Konto hierher umziehen
moving-here-title = Hierher umziehen
moving-here-says = Nenne das Konto, das du verlassen willst. Beginne den Umzug dann dort: Wer ihm folgt, wird gebeten, diesem Konto zu folgen.
moving-remove = Entfernen
moving-left = Das Konto, das du verlässt
moving-name = Nennen
moving-away = Von hier wegziehen
moving-away-title = Wegziehen
moving-to = Zu einem anderen Konto umziehen
moving-moved = Du bist zu { $name } umgezogen. Dieses Konto kann nicht mehr schreiben, teilen oder folgen; was es geschrieben hat, bleibt.
moving-back-says = Nimmst du den Umzug zurück, kann dieses Konto wieder alles. Wer mitgegangen ist, kommt nicht von selbst zurück.
moving-back = Umzug zurücknehmen
moving-read = Lies das, bevor du weitermachst:
moving-followers = Wer dir folgt ({ $count }), folgt dann dem neuen Konto. Das lässt sich nicht rückgängig machen.
moving-stops = Dieses Konto kann dann nicht mehr schreiben, teilen, favorisieren, abstimmen oder folgen; seine Seite weist auf das neue.
moving-posts = Deine Beiträge bleiben hier. Sie ziehen nicht um.
moving-alias = Das neue Konto muss dieses vorher als Alias genannt haben.
moving-new = Das neue Konto
moving-password = Dein Passwort hier
moving-do = Mitnehmen, wer mir folgt
moving-wait =
    Du bist vor Kurzem umgezogen. Wieder geht es in { $count ->
        [one] { $count } Tag
       *[other] { $count } Tagen
    }.
moving-again =
    Erneut umziehen kannst du erst nach { $count ->
        [one] { $count } Tag
       *[other] { $count } Tagen
    }.

## Settings: invites

settings-others = Andere
settings-invites = Einladungen
settings-invites-hint = Lass jemanden herein, den du kennst
invites-says = Wer den Link einer Einladung öffnet, darf sich hier anmelden, auch wenn sonst niemand darf oder andere warten müssen. Du stehst für die ein, die du einlädst.
invites-may-not = Auf diesem Server darfst du keine Einladungen machen.
invites-uses = Wie viele kommen dürfen
invites-people =
    { $count ->
        [one] { $count } Person
       *[other] { $count } Personen
    }
invites-any-number = So viele, wie mögen
invites-lasts = Wie lange sie gilt
invites-for-ever = Bis ich sie zurücknehme
lasts-30-minutes = 30 Minuten
invites-autofollow = Wer kommt, folgt mir
invites-comment = Wofür sie ist
invites-comment-hint = Das liest nur du.
invites-make = Einladung machen
invites-came =
    { $count ->
        [one] { $count } Person kam
       *[other] { $count } Personen kamen
    }
invites-came-of =
    { $count ->
        [one] { $count } von { $most } kam
       *[other] { $count } von { $most } kamen
    }
invites-until = bis { $time }
invites-over = gilt nicht mehr
invites-autofollows = sie folgen dir
invites-revoke = Zurücknehmen
notice-invite-made = Die Einladung ist gemacht: gib ihren Link weiter.
notice-invite-revoked = Durch sie kommt niemand mehr.

## Settings: automatic deletion

settings-cleanup = Automatisches Löschen
settings-cleanup-hint = Alte Beiträge von dir gehen von selbst
cleanup-says = Deine Beiträge, die älter sind, als du sagst, werden hier und auf jedem Server gelöscht, der sie hat: einige in der Minute, die ältesten zuerst. Das lässt sich nicht rückgängig machen.
cleanup-enabled = Meine alten Beiträge löschen
cleanup-enabled-hint = Es beginnt, sobald du speicherst.
cleanup-age = Älter als
cleanup-1-week = 1 Woche
cleanup-2-weeks = 2 Wochen
cleanup-1-month = 1 Monat
cleanup-2-months = 2 Monate
cleanup-3-months = 3 Monate
cleanup-6-months = 6 Monate
cleanup-1-year = 1 Jahr
cleanup-2-years = 2 Jahre
cleanup-stays = Was bleibt
cleanup-keep-direct = Beiträge an Einzelne
cleanup-keep-pinned = Angeheftete Beiträge
cleanup-keep-polls = Umfragen
cleanup-keep-media = Beiträge mit Bildern
cleanup-keep-favourited = Beiträge, die ich selbst favorisiert habe
cleanup-keep-bookmarked = Beiträge mit meinem Lesezeichen
cleanup-min-favourites = Beiträge mit mindestens so vielen Favoriten
cleanup-min-reblogs = Beiträge, die mindestens so oft geteilt wurden
cleanup-no-matter = egal
cleanup-count = Nur zählen
cleanup-would =
    { $count ->
        [0] Jetzt ginge kein Beitrag.
        [one] Jetzt ginge { $count } Beitrag.
       *[other] Jetzt gingen { $count } Beiträge.
    }
cleanup-would-more =
    { $count ->
        [one] Jetzt ginge mindestens { $count } Beitrag.
       *[other] Jetzt gingen mindestens { $count } Beiträge.
    }
cleanup-gone =
    { $count ->
        [one] { $count } Beitrag ist bisher von selbst gegangen.
       *[other] { $count } Beiträge sind bisher von selbst gegangen.
    }
cleanup-under-way = Gerade gehen weitere.
cleanup-passed = Alles wurde { $time } durchgesehen.
cleanup-take-along = Vorher magst du vielleicht etwas mitnehmen:

## Decisions about an account, and appeals

settings-strikes = Entscheidungen über dein Konto
settings-strikes-hint = Was die entschieden haben, die sich um diesen Server kümmern, und wie du widersprichst
settings-staff = Sich um diesen Server kümmern
settings-appeals = Widersprüche
told-warning = Wer sich um diesen Server kümmert, hat etwas über dein Konto entschieden
told-warning-read = Was und warum
strikes-kept-out = Du kannst dein Konto zurzeit nicht benutzen. Hier kannst du lesen, warum, und widersprechen.
strikes-none = Niemand hat etwas über dein Konto entschieden.
strikes-back = ‹ Alle Entscheidungen
strike-title = Eine Entscheidung über dein Konto
strike-none = Du wurdest verwarnt
strike-disable = Du darfst dich nicht anmelden
strike-sensitive = Deine Bilder sind zuerst verdeckt
strike-silence = Nur deine Follower begegnen dir
strike-suspend = Dein Konto ist gesperrt
strike-holds = Sie gilt, bis sie zurückgenommen wird.
strike-over = Sie gilt nicht mehr.
strike-only-said = Sonst folgt nichts daraus.
strike-overruled = Nach einem Widerspruch zurückgenommen.
strike-overruled-at = Nach einem Widerspruch zurückgenommen: { $time }.
strike-rules = Die Regeln, um die es geht
strike-posts = Die Beiträge, um die es geht
strike-post-gone = seither gelöscht
appeal-yours = Dein Widerspruch
appeal-title = Widersprechen
appeal-says = Wenn du das für falsch hältst, sag, warum: einmal, bis { $time }. Jemand, der sich um diesen Server kümmert, liest es und entscheidet; du erfährst es.
appeal-text = Warum es falsch ist
appeal-send = Widerspruch senden
appeal-too-late = Die Zeit für einen Widerspruch ist vorbei.
appeal-pending = Der Widerspruch wartet auf eine Entscheidung.
appeal-approved = Dem Widerspruch wurde stattgegeben.
appeal-rejected = Der Widerspruch wurde abgelehnt.
appeal-grant = Stattgeben: Entscheidung zurücknehmen
appeal-refuse = Ablehnen: sie bleibt
appeals-says = Hier sagen Leute, warum eine Entscheidung über sie falsch ist. Wer stattgibt, nimmt die Entscheidung zurück.
appeals-none = Kein Widerspruch wartet.
appeals-waiting =
    { $count ->
        [0] Keiner wartet
        [one] { $count } wartet auf eine Entscheidung
       *[other] { $count } warten auf eine Entscheidung
    }
notice-appeal-granted = Stattgegeben: die Entscheidung ist zurückgenommen.
notice-appeal-refused = Abgelehnt: die Entscheidung bleibt.

## Settings: notifications

settings-notifications = Mitteilungen
settings-notifications-hint = Wessen kommen, wessen beiseitegelegt werden
notify-says = Was beiseitegelegt ist, wartet, bis du den Absender hereinlässt; was verworfen ist, ist weg.
notify-accept = Kommen lassen
notify-filter = Beiseitelegen
notify-drop = Verwerfen
notify-not-following = Von Leuten, denen du nicht folgst
notify-not-following-hint = Bis du sie hereinlässt
notify-not-followers = Von Leuten, die dir nicht folgen
notify-not-followers-hint = Auch von denen, die dir noch keine drei Tage folgen
notify-new-accounts = Von neuen Konten
notify-new-accounts-hint = In den letzten 30 Tagen gemacht
notify-private = Private Erwähnungen aus heiterem Himmel
notify-private-hint = Außer sie antworten dir oder du folgst dem, der schreibt
notify-limited = Von Konten, die Moderatoren eingeschränkt haben
notify-limited-hint = Hier, von denen, die sich um diesen Server kümmern
notify-bots = Von Programmen
notify-bots-hint = Konten, die das von sich sagen
notify-waiting =
    { $count ->
        [0] Niemand wartet
        [one] { $count } Person wartet
       *[other] { $count } Personen warten
    }
notify-mail = Briefe
notify-mail-says = Briefe gehen an { $address }: um die Adresse zu bestätigen, für ein neues Passwort und wenn etwas über dein Konto entschieden wird. Was Tag für Tag geschieht, kommt nicht per Mail.
notify-no-mail = Dieser Server schickt dir keine Briefe.

## The first run: people

people-title = Leute
people-step-says = Noch einige Fragen. Alle können warten.
people-follow = Wen kennst du?
people-old-account = Ein Konto, das du vorher hattest
people-old-account-hint = Wem es öffentlich folgt, dem folgst du auch hier.
people-file = Oder eine Tabelle, wem du gefolgt bist
people-try-out = Das ist ein Versuch ohne eigenen Namen: er erreicht keine anderen Server. Hol Leute, sobald er einen hat.
people-who-comes = Wer darf hierher kommen?
people-closed = Niemand
people-closed-hint = Niemand meldet sich an, und niemand macht Einladungen.
people-invite = Wer eingeladen ist
people-invite-hint = Die Anmeldung ist zu, außer für die, die eine Einladung haben.
people-approve = Wen du hereinlässt
people-approve-hint = Alle dürfen fragen; Einladungen öffnen die Tür sofort.
people-open = Alle
people-open-hint = Mit eigenen Regeln und Zeit, dich zu kümmern.
people-go-on = Weiter
people-later = Später
transfer-from-account = Von einem anderen Konto
transfer-ask = Lesen, wem es folgt
transfer-asking = Der Server von { $name } wird gefragt, wem es folgt. Schau in einer Weile wieder.
transfer-asked = { $name }: wem es folgt, wird geholt.
transfer-asked-in-vain = { $name }: { $why }
transfer-cut = Es können mehr sein, als zu lesen waren: hol den Rest mit der Tabelle von dort.
notice-people-come = Sie werden gesucht; du folgst ihnen nacheinander.

## Naming later, data, reports, colours, marks

notice-filters-brought = Die Filter sind da.
transfer-tags = Hashtags, denen Sie folgen
settings-stored = Was über Sie gespeichert ist
settings-stored-hint = Wie viel es wovon gibt, und ein Archiv davon
data-stored = Was es gibt
data-see = Ansehen
data-posts = Beiträge
data-following = Menschen, denen Sie folgen
data-followers = Menschen, die Ihnen folgen
data-drafts = Entwürfe
data-scheduled = Beiträge für später
data-notes = Notizen über Menschen
data-sessions = Angemeldete Browser
data-applications = Apps mit Zugang
data-imports = Mitgebrachte Dateien
data-pictures = Bilder
data-pictures-says =
    { $count ->
        [one] { $pictures }, { $size }, in Ihrem letzten Beitrag
       *[other] { $pictures }, { $size }, in Ihren letzten { $count } Beiträgen
    }
data-kilobytes =
    { $count ->
        [one] { $count } kB
       *[other] { $count } kB
    }
data-megabytes =
    { $count ->
        [one] { $count } MB
       *[other] { $count } MB
    }
data-about = Adressen
data-no-email = Es ist keine E-Mail-Adresse gespeichert.
data-address = Ihr Konto wurde von der Netzadresse { $address } aus angelegt. Sie bleibt so lange wie das Konto, und wer sich um den Server kümmert, sieht sie.
data-no-address = Von welcher Netzadresse aus Ihr Konto angelegt wurde, ist nicht gespeichert.
data-no-other-address = Keine andere Netzadresse von Ihnen ist gespeichert: weder bei den Sitzungen noch im Protokoll. Gegen Fluten von Anfragen werden Adressen im Speicher gezählt und vergessen, wenn der Server anhält.
archive-title = Ein Archiv zum Mitnehmen
archive-says =
    { $count ->
        [one] Alles, was Sie geschrieben, favorisiert und sich gemerkt haben, mit Ihren Bildern, als eine Datei in der Form von Mastodons Archiven. Sie können einmal in der Woche danach fragen und es einen Tag lang mitnehmen.
       *[other] Alles, was Sie geschrieben, favorisiert und sich gemerkt haben, mit Ihren Bildern, als eine Datei in der Form von Mastodons Archiven. Sie können einmal in der Woche danach fragen und es { $count } Tage lang mitnehmen.
    }
archive-ask = Um ein Archiv bitten
archive-asked = Erbeten { $time }
archive-writing = Es wird geschrieben. Sie können diese Seite schließen.
archive-progress = Wie weit es ist
archive-take = Das Archiv mitnehmen
archive-until = Es lässt sich bis { $time } mitnehmen.
archive-gone = Dieses ist weg; Sie können um ein neues bitten.
archive-failed = Es konnte nicht geschrieben werden oder musste Platz machen. Bitten Sie später noch einmal darum.
archive-too-large = Es wäre größer geworden, als ein Archiv hier sein darf. Wer den Server betreibt, kann helfen.
notice-archive-begun = Das Archiv wird geschrieben.
settings-reports = Ihre Meldungen
settings-reports-hint = Was aus dem wurde, was Sie gemeldet haben
reports-say = Wer sich um diesen Server kümmert, liest jede Meldung. Was genau über jemanden entschieden wurde, bleibt unter ihnen.
reports-none = Sie haben niemanden gemeldet.
reports-among =
    { $count ->
        [one] Gesucht in der letzten Meldung dieses Servers.
       *[other] Gesucht unter den letzten { $count } Meldungen dieses Servers.
    }
reports-gone = Jemand, der nicht mehr da ist
reports-posts =
    { $count ->
        [one] { $count } Beitrag
       *[other] { $count } Beiträge
    }
reports-forwarded = auch ihr eigener Server weiß davon
reports-open = Sie wartet darauf, gelesen zu werden.
reports-closed = Sie wurde gelesen und abgeschlossen.
reports-acted = Sie wurde gelesen, und es wurde etwas getan.
reports-since = Sie wurde gelesen, und seither wurde wegen dieses Kontos etwas getan.
report-rules-without = Sie haben Regeln angekreuzt, aber etwas anderes gewählt. Wählen Sie, dass es Regeln dieses Servers bricht, oder nehmen Sie die Kreuze weg.
reading-theme = Farben
theme-system = Wie das System sagt
theme-light = Hell
theme-dark = Dunkel
theme-contrast = Viel Kontrast
push-test = Eine Probe schicken
notice-push-test = Eine Probe ist auf dem Weg zu diesem Browser.
document-versions = Alle Fassungen
marks-edit = Mehrere ankreuzen
marks-title = { $list }: mehrere ankreuzen
marks-which = Welche?
marks-remove = Diese von der Liste nehmen
notice-marks-removed = Von der Liste genommen.

## Emoji of this server's own

settings-emoji = Emoji
settings-emoji-hint = Kleine Bilder, die Leute hier mit ihrem Namen schreiben
emoji-says = Leute hier schreiben ein Emoji mit seinem Namen zwischen Doppelpunkten und reagieren damit. Auch andere Server zeigen sein Bild.
emoji-add-title = Ein Emoji hinzufügen
emoji-picture = Bild
emoji-picture-hint = PNG, GIF, WebP oder JPEG, höchstens { $size } KiB. Ein großes wird verkleinert.
emoji-name = Name
emoji-name-hint = Buchstaben a bis z, Ziffern und Unterstriche, mindestens zwei. Er bleibt, wie er ist.
emoji-category = Überschrift
emoji-category-hint = Auswahllisten zeigen Emoji darunter; sie darf leer bleiben.
emoji-add = Hinzufügen
emoji-bring-title = Eines von einem anderen Server holen
emoji-bring-says = Eines, das in einem Profil oder Beitrag steht, der hier bekannt ist. Achte darauf, wem das Bild gehört.
emoji-domain = Server
emoji-bring = Hierher holen
emoji-on-post = Emoji in diesem Beitrag
emoji-on-post-none = Dieser Beitrag hat keines von einem anderen Server.
emoji-taken = Eines mit diesem Namen gibt es hier schon.
emoji-count =
    { $count ->
        [one] { $count } Emoji
       *[other] { $count } Emoji
    }
emoji-none = Es gibt noch keines.
emoji-first = Von vorn
emoji-further = Weitere Emoji
emoji-hidden = nicht in Auswahllisten
emoji-disabled = abgeschaltet
emoji-back = ‹ Emoji
emoji-made = Hinzugefügt { $time }
emoji-in-picker = Auswahllisten zeigen es
emoji-in-picker-hint = Mit seinem Namen geschrieben werden kann es auf jeden Fall.
emoji-enabled = Es darf verwendet werden
emoji-enabled-hint = Sonst steht sein Name, wo sein Bild stand.
emoji-remove = Entfernen
emoji-remove-title = Dieses Emoji entfernen?
emoji-remove-says = Sein Bild verschwindet, und wo es hier verwendet wurde, steht sein Name. Andere Server können behalten, was sie haben.
notice-emoji-made = Das Emoji ist hinzugefügt.
notice-emoji-removed = Das Emoji ist entfernt.
act-bring-emoji = Emoji daraus hierher holen

## Sich um diesen Server kümmern: Relays

settings-relays = Relays
settings-relays-hint = Öffentliche Beiträge vieler Server, hierher weitergereicht
relays-says = Ein Relay reicht öffentliche Beiträge vieler Server weiter. Sie stehen unter allen bekannten Servern und unter ihren Hashtags und sagen, durch welches Relay sie kamen; niemand wird von ihnen benachrichtigt, und geteilt hat sie niemand.
relays-none = Es gibt keine.
relays-add-title = Ein Relay fragen
relays-address = Adresse
relays-address-hint = Sein Posteingang, der auf /inbox endet, oder sein Akteur. Eine Adresse mit { "{tag}" } darin ist ein Relay für jeden Hashtag: Gefragt wird nach denen, denen Leute hier folgen.
relays-tags = Nur mit einem dieser Hashtags
relays-tags-hint = Durch Kommas getrennt; leer: alle. Nichts, wo die Adresse für Hashtags ist.
relays-languages = Nur in einer dieser Sprachen
relays-languages-hint = Durch Kommas getrennt; leer: alle.
relays-per-hour = Höchstens so viele Beiträge in einer Stunde
relays-add = Fragen
relays-asked = gefragt
relays-accepted = hat zugesagt
relays-refused = hat abgelehnt
relays-paused-since = ruht { $time }
relays-only-tags = nur { $tags }
relays-only-languages = nur auf { $languages }
relays-hour = { $count } von { $most } Beiträgen in dieser Stunde
relays-of-tags =
    { $count ->
        [one] Gefragt nach { $count } Hashtag, dem Leute hier folgen; höchstens { $most } zusammen.
       *[other] Gefragt nach { $count } Hashtags, denen Leute hier folgen; höchstens { $most } zusammen.
    }
relays-today =
    { $count ->
        [one] { $count } Beitrag heute
       *[other] { $count } Beiträge heute
    }
relays-pause = Ruhen lassen
relays-resume = Weitermachen
relays-leave = Verlassen
notice-relay-asked = Das Relay wird gefragt.
notice-relay-paused = Von diesem Relay wird nichts genommen, und es bekommt nichts.
notice-relay-resumed = Dieses Relay reicht wieder weiter.
notice-relay-left = Das Relay ist verlassen.

## Looking after people: who waits to be let in, and reports

settings-waiting = Wer auf Einlass wartet
waiting-count =
    { $count ->
        [0] Niemand wartet
        [one] { $count } Person wartet
       *[other] { $count } Personen warten
    }
waiting-says = Diese Leute haben sich registriert. Bis jemand sie einlässt, sieht niemand ihr Konto.
waiting-none = Niemand wartet auf Einlass.
waiting-unconfirmed = die Adresse ist noch nicht bestätigt
waiting-no-reason = Zum Warum steht hier nichts.
waiting-let-in = Einlassen
waiting-turn-away = Abweisen
turn-away-title = Diese Person abweisen?
turn-away-says = Alles, was sie geschickt hat, wird gelöscht; unter diesem Namen kann sich niemand mehr registrieren. Das lässt sich nicht rückgängig machen.
told-sign-up-waits = Einlassen oder abweisen
notice-turned-away = Abgewiesen.
settings-open-reports = Meldungen
open-reports-count =
    { $count ->
        [0] Keine ist offen
        [one] { $count } ist offen
       *[other] { $count } sind offen
    }
open-reports-open = Offen
open-reports-closed = Abgeschlossen
open-reports-none = Es gibt keine Meldung.
open-reports-back = ‹ Alle Meldungen
open-report-about = Meldung über { $handle }
open-report-by = Von { $name } gesendet: { $time }
open-report-silenced = Dieses Konto ist eingeschränkt.
open-report-suspended = Dieses Konto ist gesperrt.
open-report-assigned = { $name } kümmert sich darum.
open-report-resolved = Von { $name } abgeschlossen: { $time }
open-report-work = Die Meldung bearbeiten
open-report-assign = Ich kümmere mich darum
open-report-unassign = Ich kümmere mich nicht mehr darum
open-report-resolve = Meldung abschließen
open-report-reopen = Meldung wieder öffnen
open-report-account = Etwas mit dem Konto tun
open-report-may-not = Mit diesem Konto darfst du nichts tun.
open-report-silence = Konto einschränken
open-report-unsilence = Nicht mehr einschränken
open-report-suspend = Konto sperren
open-report-unsuspend = Nicht mehr sperren
silence-title = { $handle } einschränken?
silence-says = Nur Follower begegnen dem, was dort geschrieben wird; andere finden es weder in öffentlichen Zeitleisten noch durch Suchen. Die Meldung wird abgeschlossen. Es lässt sich zurücknehmen.
suspend-title = { $handle } sperren?
suspend-says = Das Konto ist für alle hier sofort weg, und wer es auf diesem Server hat, kann es nicht mehr benutzen. Die Meldung wird abgeschlossen. Es lässt sich zurücknehmen, aber wer anderswo ist, verliert alle Folgebeziehungen hierher endgültig.
deed-why = Warum (freiwillig)
deed-why-hint = Wer auf diesem Server ist, liest das und kann widersprechen. Es steht auch im Protokoll der Moderation.
notice-report-resolved = Die Meldung ist abgeschlossen.
notice-report-reopened = Die Meldung ist wieder offen.
notice-taken-back = Zurückgenommen.
notice-silenced = Das Konto ist eingeschränkt, die Meldung abgeschlossen.
notice-suspended = Das Konto ist gesperrt, die Meldung abgeschlossen.

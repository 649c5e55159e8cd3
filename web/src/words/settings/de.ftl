
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
reading-language = Sprache der Seiten
reading-media = Bilder
reading-media-default = Zeigen, außer als heikel markierte
reading-media-all = Alle zeigen
reading-media-none = Alle verbergen, bis ich sie öffne
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
recovery-says = Falls du dein Passwort vergisst, kannst du mit diesem Code ein anderes wählen, ganz ohne Post. Druck diese Seite aus oder schreib den Code auf, und heb ihn auf, wo nur du ihn findest: Er steht nur hier.
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

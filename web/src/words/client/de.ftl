
## Words that are not lost

kept-title = Du bist abgemeldet
kept-says = Nichts wurde veröffentlicht, und nichts ist verloren: was du geschrieben hast, steht hier. Melde dich an, das öffnet sich neben dieser Seite; komm dann zurück und mach weiter.
kept-sign-in = Anmelden
kept-go-on = Weiterschreiben
compose-session-new = Du hast dich seit dem Anfang neu angemeldet. Alles Geschriebene ist da: sieh es noch einmal an und veröffentliche es.
read-only-name = Nur Lesen.
read-only-says = Dieser Server kann gerade nichts speichern. Lesen und Suchen gehen; was du schreibst, bleibt in seinem Formular, bis es gesendet werden kann.
disk-slow-name = Gerade langsam.
disk-slow-says = Die Platte dieses Servers ist langsam: Veröffentlichen dauert länger als sonst. Lesen und Suchen gehen wie immer.
disk-stalled-name = Veröffentlichen muss warten.
disk-stalled-says = Die Platte dieses Servers antwortet gerade nicht. Lesen und Suchen gehen; was du schreibst, bleibt in seinem Formular, bis es gesendet werden kann.
disk-full-name = Die Platte ist voll.
disk-full-says = Lesen, Suchen und Löschen gehen; Veröffentlichen geht wieder, wenn Platz ist. Was du schreibst, bleibt in seinem Formular.

## Time zones

reading-zone = Zeitzone
reading-zone-told = Wie dieser Browser sagt: { $zone }
reading-zone-untold = Wie der Browser sagt (bisher UTC)
reading-zone-hint = In ihr stehen die Zeiten auf den Seiten, und in ihr sind die Zeiten gemeint, die du eingibst.

## Threads

compose-split = Ein langer Text
compose-split-hint = Jeder Teil eines Threads antwortet auf den vorigen; Bilder und Umfragen gehören zum ersten. Die Vorschau zeigt die Teile.
compose-split-not = bleibt ein Beitrag
compose-split-needed = wird ein Thread, geteilt nur wo er zu lang ist
compose-split-blank = wird ein Thread, geteilt an jeder Leerzeile
compose-thread-long =
    { $count ->
        [one] Das ergibt mehr als { $count } Teil; mehr darf ein Thread nicht haben.
       *[other] Das ergibt mehr als { $count } Teile; mehr darf ein Thread nicht haben.
    }
compose-thread-later = Ein Thread kann nicht später veröffentlicht werden; lösche die Zeit oder lass ihn einen Beitrag sein.
compose-thread-stopped = Von { $parts } Teilen sind { $posted } veröffentlicht. Was übrig ist, steht hier und geht hinter ihnen weiter.
thread-part = Teil { $part } von { $parts }
notice-thread-posted = Als Thread veröffentlicht.

## With scripts: pictures, completion, keys

script-close = Schließen
script-previous = Voriges
script-next = Nächstes
script-picture = Bild
script-suggestions = Vorschläge
key-picture = Bild in voller Größe
key-author = Profil des Autors
reading-keys = Einzelne Tasten gehen von Beitrag zu Beitrag und tun etwas
reading-keys-hint = j und k gehen von Beitrag zu Beitrag, r antwortet; ? zeigt alle. Ohne Skripte gibt es keine.

## Slow lines

media-load = Bild laden
media-load-size = Bild laden ({ $count } KB)
reading-light = Wenig Daten: Bilder sind Links
reading-light-hint = Auch Gesichter und Vorschauen von Links entfallen. Ein Browser, der Daten sparen will, bekommt das von selbst.

## Notifications in the browser

settings-push = Mitteilungen in diesem Browser
settings-push-hint = Auch wenn keine Seite offen ist
push-on = Dieser Browser zeigt Mitteilungen deines Kontos, auch wenn keine Seite offen ist.
push-off = Dieser Browser zeigt keine Mitteilungen deines Kontos, solange keine Seite offen ist.
push-needs = Zum Anfangen müssen Skripte erlaubt sein und der Browser Web-Push kennen; nichts sonst auf diesen Seiten braucht sie.
push-refused = Der Browser hat es nicht erlaubt, oder sein Push-Dienst ist nicht erreichbar.
push-what = Wovon du erfährst
push-mention = Jemand erwähnt dich
push-follow = Jemand folgt dir
push-follow-request = Jemand will dir folgen
push-favourite = Jemand favorisiert einen Beitrag von dir
push-reblog = Jemand teilt einen Beitrag von dir
push-quote = Jemand zitiert dich
push-poll = Eine Umfrage ist zu Ende
push-status = Jemand, auf den du achtest, hat etwas geschrieben
push-update = Ein Beitrag, den du geteilt hast, wurde bearbeitet
push-start = Mitteilungen zeigen
push-stop = Nicht mehr zeigen
push-hint = Sie kommen über den Dienst des Browserherstellers, so versiegelt, dass nur dieser Browser sie lesen kann. Sie enden, wenn du dich hier abmeldest.
notice-push-off = Dieser Browser zeigt keine Mitteilungen mehr.

## Shared by several

post-boosted-by-two = { $name } und { $other } haben geteilt
post-boosted-by-more =
    { $count ->
        [one] { $name }, { $other } und { $count } weitere Person haben geteilt
       *[other] { $name }, { $other } und { $count } weitere haben geteilt
    }

## Away, and the first steps

away-title = Während du weg warst
away-says = Du hast mehr noch nicht gelesen, als hier steht.
away-since =
    { $count ->
        [one] { $count } Beitrag seit: { $time }.
       *[other] { $count } Beiträge seit: { $time }.
    }
away-newest =
    { $count ->
        [one] Der neueste { $count } Beitrag.
       *[other] Die neuesten { $count } Beiträge.
    }
away-more = Ältere stehen auf den Seiten der Startseite.
away-nothing = Es gibt nichts, was du nicht gelesen hast.
away-answers = An dich
away-all-answers = Alle Erwähnungen
away-links = Worauf mehrere hinweisen
away-people = Wer geschrieben hat
away-posts =
    { $count ->
        [one] { $count } Beitrag
       *[other] { $count } Beiträge
    }
away-pictures =
    { $count ->
        [one] { $count } Bild
       *[other] { $count } Bilder
    }
away-boosted = hat { $name } geteilt
away-no-words = Ohne Worte
away-whole = Alles auf der Startseite lesen
steps-title = Erste Schritte für deinen Server
steps-done = { $done } von { $count } sind getan.
steps-is-done = Getan:
steps-backup = Festlegen, wohin gesichert wird
steps-backup-why = Bis dahin nimmt eine kaputte Platte alles mit. Setze backup.to in der Konfiguration.
steps-recovery = Dein Notfallblatt drucken
steps-recovery-why = Damit kommst du ohne Passwort wieder herein, auch wo keine Mail verschickt wird.
steps-keyed = Dein Konto schützen
steps-keyed-why = Wer dein Passwort hat, könnte hier alles tun. Ein Passkey oder ein zweiter Faktor verhindert das.
steps-second = Jemand anderen helfen lassen können
steps-second-why = Bist du krank oder unterwegs, kann sonst niemand handeln: dassie user add NAME --role admin
steps-mail = Mail verschicken
steps-mail-why = Für vergessene Passwörter und Briefe über Anmeldungen. Setze mail.host und mail.from in der Konfiguration.
steps-rules = Die Regeln aufschreiben
steps-rules-why = Meldungen und Entscheidungen berufen sich darauf: dassie instance rule add "Sei freundlich."
steps-put-away = Nicht mehr zeigen
notice-steps-away = Weggeräumt.

## Order in threads, and what is elsewhere

thread-order = Reihenfolge der Antworten
thread-oldest = Älteste zuerst
thread-followed = Wem du folgst zuerst
thread-at-origin = Auf { $host } weiterlesen
thread-look-again = Nach neuen Antworten sehen

## Descriptions of pictures, and who gets it

compose-undescribed = Ein Bild hat keine Beschreibung: Wer es nicht sehen kann, hat nichts davon. Beschreibe es, oder veröffentliche noch einmal, um es so zu lassen.
compose-undescribed-refused = Ein Bild hat keine Beschreibung, und solche willst du nicht veröffentlichen. Nichts wurde veröffentlicht; dein Text ist noch da.
compose-alone = Niemand ist genannt: Nur du wirst das sehen. Nenne jemanden mit @, oder veröffentliche noch einmal, um es als Notiz an dich selbst zu behalten.
compose-alone-part = Ein Teil nennt niemanden: Nur du wirst diesen Teil sehen. Nenne in jedem Teil jemanden mit @, oder veröffentliche noch einmal, um es so zu lassen.
compose-camel = { $tag } wird als ein Wort vorgelesen. Mit einem Großbuchstaben für jedes Wort, #WieHier, hören alle, was es heißt.
reach-servers =
    { $count ->
        [one] Sie sind auch auf { $count } anderen Server.
       *[other] Sie sind auch auf { $count } anderen Servern.
    }
posting-undescribed = Bilder ohne Beschreibung
posting-undescribed-ask = vor dem Veröffentlichen einmal nachfragen
posting-undescribed-post = veröffentlichen
posting-undescribed-refuse = nicht veröffentlichen

## Quiet hours, and clearing notifications

notifications-clear = Alle Mitteilungen entfernen
clear-title = Alle Mitteilungen entfernen?
clear-says = Die du jetzt hast, verschwinden, gelesen oder nicht. Das lässt sich nicht rückgängig machen; Beiträge und Follower bleiben.
notice-cleared = Alle Mitteilungen sind entfernt.
quiet-title = Ruhezeit
quiet-says = Zwischen diesen Zeiten weckt nichts deine Geräte; was geschieht, steht trotzdem bei deinen Mitteilungen. Die Zeiten sind die von { $zone }.
quiet-from = Von
quiet-until = Bis
quiet-end = Keine Ruhezeit

## Finding more

begin-title = Wo mehr Menschen sind
begin-says = Dieser Server kennt erst wenige Menschen. Mit allen, denen du folgst, lernt er weitere kennen.
begin-search = Jemanden suchen
begin-search-says = Tippe einen ganzen Namen wie @name@example.org, oder füge die Adresse eines Profils oder Beitrags ein.
begin-import = Mitbringen, wem du folgst
begin-import-says = Aus einer Datei deines alten Kontos, oder allein mit dessen Namen.
begin-tags = Schlagwörtern folgen
begin-tags-says = Öffne ein Schlagwort in einem Beitrag und folge ihm: Was damit veröffentlicht wird, kommt auf deine Startseite.
begin-profile = Sagen, wer du bist
begin-profile-says = Zurückgefolgt wird, wen man erkennt: Ein Bild und zwei Sätze genügen.
tab-links = Links
narrow-says = Nur:
narrow-library = womit ich zu tun habe
narrow-mine = von mir
narrow-media = mit Bildern
narrow-replies = keine Antworten

## Why nothing can be done now

failure-full = Die Platte dieses Servers ist voll. Lesen und Löschen geht; Schreiben geht wieder, wenn Platz ist.
failure-busy = Die Platte dieses Servers kommt mit dem, was zu schreiben ist, nicht nach.
failure-opening = Der Speicher wird gerade neu geöffnet; das dauert einen Augenblick.
failure-read-only = Dieser Server kann lesen, was er hat, und nichts speichern. Wer ihn betreibt, weiß davon.
failure-store = Der Speicher dieses Servers hat es abgelehnt.
failure-remote = Ein anderer Server, der dafür gebraucht wird, hat nicht geantwortet.

## Posts, threads, writing

media-description = Beschreibung
react = Mit einem Emoji reagieren
reactions = Reaktionen
react-emoji = Emoji
react-hint = Ein Emoji; oder der :Name: eines von diesem Server oder eines Bildes, das hier schon jemand gesetzt hat.
notice-reacted = Deine Reaktion ist da.
notice-unreacted = Deine Reaktion ist weg.
history-title = Was dieser Beitrag vorher war
history-back = Zum Beitrag
history-newest = Wie er jetzt ist, seit { $time }
history-edited = Wie er war ab { $time }
history-first = Wie er veröffentlicht wurde, { $time }
scheduled = Geplante Beiträge
scheduled-empty = Nichts wartet auf seine Zeit.
scheduled-later = Spätere
scheduled-at = Wann er veröffentlicht wird
scheduled-move = Dann veröffentlichen
scheduled-draft = Zurück zu den Entwürfen
scheduled-cancel = Nicht veröffentlichen
notice-rescheduled = Er wird zur neuen Zeit veröffentlicht.
notice-unscheduled = Er wird nicht veröffentlicht.
notice-unscheduled-draft = Er ist wieder ein Entwurf und hat keine Zeit mehr.
asked-title = Wartet auf dein Wort
asked-hint = Du willst gefragt werden, bevor andere auf diese Beiträge antworten, sie teilen oder favorisieren. Bis du es erlaubst, sieht es sonst niemand.
asked-empty = Nichts wartet auf dein Wort.
asked-reply = { $name } möchte antworten
asked-boost = { $name } möchte deinen Beitrag teilen
asked-favourite = { $name } möchte deinen Beitrag favorisieren
asked-allow = Erlauben
asked-refuse = Ablehnen
notice-allowed = Erlaubt.
notice-refused = Abgelehnt.
act-revoke-quote = Meinen Beitrag aus diesem Zitat nehmen
revoke-title = Deinen Beitrag aus diesem Zitat nehmen?
revoke-says = Der andere Beitrag bleibt und zeigt deinen nicht mehr, hier und auf Servern, die davon erfahren. Das lässt sich nicht rückgängig machen.
notice-quote-revoked = Dein Beitrag wurde aus dem Zitat genommen.
people-boosted = Wer diesen Beitrag von { $name } geteilt hat
people-favourited = Wer diesen Beitrag von { $name } favorisiert hat
compose-reply-ask = Mich jedes Mal fragen
compose-kind = Wie er geschrieben ist
compose-kind-plain = Wie er gelesen wird
compose-kind-markdown = Markdown: *Betonung*, Listen, Zitate
compose-unkept = Er ist nicht unter deinen Entwürfen: { $why } Alles, was du getippt hast, steht hier.
compose-pictures-hint =
    { $count ->
        [one] Mehrere auf einmal gehen, zusammen höchstens { $count } MB.
       *[other] Mehrere auf einmal gehen, zusammen höchstens { $count } MB.
    }
compose-language-guess = aus dem Text erraten
compose-language-guessed = Der Text sieht nach dieser Sprache aus: { $language }
notice-begun = Alles ist bereit. Sag hallo.
thread-continue =
    { $count ->
        [one] Diesen Faden weiterlesen ({ $count } Antwort)
       *[other] Diesen Faden weiterlesen ({ $count } Antworten)
    }
thread-all-replies =
    { $count ->
        [one] Insgesamt { $count } Antwort
       *[other] Insgesamt { $count } Antworten
    }
thread-hidden =
    { $count ->
        [one] Deine Filter verbergen { $count } Beitrag dieses Fadens.
       *[other] Deine Filter verbergen { $count } Beiträge dieses Fadens.
    }

## People, home, messages, search

tab-featured = Empfohlen
featured-empty = Hier wird nichts empfohlen.
featured-people = Empfohlene Leute
featured-sensitive = Das will nicht jeder ungefragt sehen. Zeigen
copy = Kopieren
copied = Kopiert
interact-follow = Vom eigenen Server aus folgen
interact-post = Vom eigenen Server aus antworten oder teilen
interact-label = Dein Name im Fediverse, um vom eigenen Server aus zu folgen
interact-label-post = Dein Name im Fediverse, um vom eigenen Server aus zu antworten oder zu teilen
interact-hint = Wie @name@example.org. Dein Server wird gefragt, wo du das tust, und dort geht es weiter.
interact-go = Weiter
interact-or-search = Oder gib diese Adresse in das Suchfeld deines Servers ein:
interact-leads = Weiter zu { $host }
interact-no-handle = „{ $handle }“ ist kein ganzer Name; einer sieht aus wie @name@example.org.
interact-nobody = Dort heißt niemand { $handle }.
interact-no-way = Der Server von { $handle } sagt nicht, wo man das dort tut. Gib die Adresse unten in sein Suchfeld ein.
interact-no-answer = Der Server von { $handle } hat keine brauchbare Antwort gegeben. Ist er richtig geschrieben? Sonst versuch es später noch einmal.
interact-not-found = Was diese Adresse oder dieser Name meint, war nicht zu finden, oder der Server dort antwortet nicht.
leaving-title = Das steht auf einem anderen Server
leaving-says = { $host } zeigt es selbst. Der Link unten wurde dort gewählt und führt von hier weg.
profile-block-server = Den Server { $host } sperren
profile-unblock-server = Den Server { $host } nicht mehr sperren
server-block-says = Du siehst von niemandem dort mehr etwas, und wer dir von dort folgt, folgt dir nicht mehr. Niemand erfährt davon.
server-unblock-says = Du siehst wieder, was Leute dort sagen. Wer dir folgte, muss es neu tun.
notice-server-blocked = Der Server ist gesperrt.
notice-server-unblocked = Der Server ist nicht mehr gesperrt.
mute-while = Eine Zeit lang stummschalten
mute-how-long = Wie lange
mute-hour = Eine Stunde
mute-day = Einen Tag
mute-week = Eine Woche
mute-month = 30 Tage
mute-notifications = Auch ihre Mitteilungen
mute-until = bis { $time }
messages-search = In deinen Nachrichten suchen
messages-all = Alle Unterhaltungen
messages-none-here = Auf dieser Seite steht nichts aus dieser Unterhaltung.
messages-answer = Deine Antwort, an alle in dieser Unterhaltung
messages-send = Senden
tabs-timelines = Zeitleisten
tab-local = Dieser Server
tab-known = Alle bekannten Server
tab-all-lists = Weitere Listen
tags-timeline = Schlagwörter, denen du folgst
tags-timeline-says = Öffentliche Beiträge mit einem der Schlagwörter, denen du folgst.
local-timeline-says = Öffentliche Beiträge von Leuten hier.
known-timeline-says = Öffentliche Beiträge von allen, denen Leute hier folgen, und von Leuten hier.
timeline-empty = Noch nichts hier.
home-read-since = Du warst hier, { $time }
home-boosts-apart = Geteiltes beiseite stellen
home-boosts-among = Geteiltes zwischen die Beiträge stellen
relays-leave-out = Weglassen, was durch Relays kam
relays-put-among = Auch zeigen, was durch Relays kam
announcement = Bekanntmachung
announcement-until = Bis { $time }
announcement-dismiss = Habe ich gelesen
notice-announcement-dismissed = Sie ist weggelegt.
tab-moderation = Moderation
told-added = { $name } hat dich in eine Sammlung aufgenommen
told-collection = { $name } hat eine Sammlung geändert, in der du bist
blocked-servers = Gesperrte Server
blocked-servers-say = Was über andere entschieden wurde. Von einem gesperrten Server kommt hier nichts an; von einem eingeschränkten weniger, nur für die, die dort folgen.
blocked-servers-none = Kein Server ist gesperrt.
blocked-servers-more = Weitere gesperrte Server
blocked-wholly = gesperrt
blocked-limited = eingeschränkt
front-feed = Feed dieser Beiträge
rules-all = Alle Regeln
explore-newcomers = Neue Leute hier
suggested-friends = Leute, denen du folgst, folgen ihnen
suggested-featured = Empfohlen von denen, die sich um diesen Server kümmern
suggested-popular = Viele folgen, und es gibt neue Beiträge
narrow-films = mit Filmen
search-scopes = Unter:
search-all = allem, was du finden darfst
search-home = dir und denen, denen du folgst
search-public = dem, was alle finden dürfen
search-orders = Reihenfolge:
search-newest = Neuestes zuerst
search-best = Bestes zuerst
search-more-posts = Mehr Beiträge
search-no-answer = { $host } war nicht zu erreichen oder hat dort nichts, was sich hier zeigen lässt. Ist es richtig geschrieben? Sonst versuch es später noch einmal.
facet-month = Monat:
facet-author = Von:
saved-searches = Gespeicherte Suchen
saved-search-keep = Diese Suche behalten
saved-search-name = Ihr Name
notice-search-saved = Die Suche ist gespeichert.
notice-search-forgotten = Die Suche ist vergessen.
home-shelf =
    { $count ->
        [one] { $count } geteilter Beitrag
       *[other] { $count } geteilte Beiträge
    }

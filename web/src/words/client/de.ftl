
## Words that are not lost

kept-title = Du bist abgemeldet
kept-says = Nichts wurde veröffentlicht, und nichts ist verloren: was du geschrieben hast, steht hier. Melde dich an, das öffnet sich neben dieser Seite; komm dann zurück und mach weiter.
kept-sign-in = Anmelden
kept-go-on = Weiterschreiben
compose-session-new = Du hast dich seit dem Anfang neu angemeldet. Alles Geschriebene ist da: sieh es noch einmal an und veröffentliche es.
read-only-name = Nur Lesen.
read-only-says = Dieser Server kann gerade nichts speichern. Lesen und Suchen gehen; was du schreibst, bleibt in seinem Formular, bis es gesendet werden kann.

## Time zones

reading-zone = Zeitzone
reading-zone-told = Wie dieser Browser sagt: { $zone }
reading-zone-untold = Wie der Browser sagt; er hat noch nichts gesagt, also UTC
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

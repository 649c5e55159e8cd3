## Ablehnungen

why-text-long = Der Text hat { $a } Zeichen; höchstens { $b } gehen.
why-post-large = Der Beitrag ist zu groß: { $a } Bytes; höchstens { $b }.
why-mentions = Der Beitrag nennt { $a } Konten; höchstens { $b } gehen.
why-edits = Der Beitrag ist { $a }-mal geändert worden; öfter geht es nicht.
why-text-blank = Schreib etwas, oder füge ein Bild hinzu.
why-poll-and-pictures = Ein Beitrag hat entweder eine Umfrage oder Bilder, nicht beides.
why-poll-options = Die Umfrage hat { $a } Antworten; sie braucht mindestens 2 und darf { $b } haben.
why-poll-option = Eine Antwort der Umfrage hat { $a } Zeichen; mindestens 1, höchstens { $b }.
why-poll-lasts = Die Umfrage dauert { $a } Sekunden; mindestens { $b }, höchstens { $c }.
why-poll-ended = Die Umfrage ist schon zu Ende.
why-poll-voted = Du hast schon abgestimmt.
why-poll-choose = Wähle zuerst eine Antwort.
why-files = Höchstens { $a } Bilder gehen.
why-medium = Ein Bild ist fort oder steht schon in einem anderen Beitrag; füge es noch einmal hinzu.
why-file-blank = Wähle zuerst eine Datei.
why-file-kind = Solche Dateien gehen nicht; diese schon: { $a }
why-picture = Das Bild ist nicht zu lesen; vielleicht ist es beschädigt.
why-picture-large = Das Bild hat { $a } mal { $b } Pixel; höchstens { $c } zusammen.
why-file-large = Die Datei ist zu groß: { $a } Bytes; höchstens { $b }.
why-description-long = Eine Beschreibung hat { $a } Zeichen; höchstens { $b }.
why-later-past = Die Zeit muss mindestens fünf Minuten von jetzt entfernt sein.
why-later-unread = Die Zeit ist nicht zu lesen.
why-later-far = Die Zeit liegt mehr als { $a } Tage voraus.
why-later-many = Für einen Tag können höchstens { $a } Beiträge warten.
why-drafts = Du hast { $a } Entwürfe; höchstens { $b }. Lösche zuerst einen.
why-pins = Du hast so viele Beiträge angeheftet, wie es geht.
why-pin-boost = Geteiltes lässt sich nicht anheften.
why-author = Wer das geschrieben hat, erlaubt es nicht.
why-has-moved = Dieses Konto ist umgezogen; nur das neue kann das tun.
why-share = Dieser Beitrag darf nicht geteilt werden.
why-not-allowed = Das ist nicht erlaubt.
why-follows = Du folgst { $a } Konten; mehr geht nicht.
why-tags = Dort stehen { $a } Hashtags; mehr geht nicht.
why-tag = Das ist kein Hashtag: Buchstaben, Ziffern und Unterstriche.
why-lists = Du hast { $a } Listen; mehr geht nicht.
why-title-blank = Gib einen Namen an.
why-title-long = Der Name hat { $a } Zeichen; höchstens { $b }.
why-filters = Du hast { $a } Filter; mehr geht nicht.
why-context = Wähle, wo der Filter wirkt.
why-keyword-blank = Ein Wort eines Filters braucht mindestens einen Buchstaben.
why-keyword-long = Ein Wort des Filters hat { $a } Zeichen; höchstens { $b }.
why-keywords = Ein Filter hat höchstens { $a } Wörter, alle zusammen { $b }.
why-domains = Du sperrst { $a } Server; mehr geht nicht.
why-domain = Das ist kein Name eines Servers.
why-fields = Das Profil hat { $a } Felder; höchstens { $b }.
why-name-taken = Dieser Benutzername ist vergeben.
why-name-letters = Ein Benutzername hat nur die Buchstaben a bis z, Ziffern und Unterstriche.
why-agreement = Stimme zuerst den Regeln zu.
why-reason-blank = Sag, warum du dazukommen möchtest.
why-reason-long = Der Grund hat mehr als { $a } Zeichen.
why-name-longer = Der Benutzername hat mehr als { $a } Zeichen.
why-address-provider = Adressen dieses Anbieters gehen hier nicht.
why-password-blank = Wähle ein Passwort.
why-password-shorter = Das Passwort hat weniger als { $a } Zeichen.
why-password-longer = Das Passwort hat mehr als { $a } Bytes.
why-birth = Gib dein Geburtsdatum an.
why-birth-young = Du bist für diesen Server zu jung.
why-name-reserved = Dieser Benutzername ist vorbehalten.
why-name-blank = Wähle einen Benutzernamen.
why-name-long = Der Benutzername hat { $a } Zeichen; höchstens { $b }.
why-address-taken = Diese E-Mail-Adresse ist vergeben.
why-address = Das ist keine E-Mail-Adresse.
why-password-short = Das Passwort hat { $a } Zeichen; mindestens { $b }.
why-password-long = Das Passwort hat { $a } Bytes; höchstens { $b }.
why-sign-in = Dieser Name und dieses Passwort gehören nicht zusammen.
why-suspended = Dieses Konto ist gesperrt.
why-disabled = Für dieses Konto ist das Anmelden abgeschaltet.
why-unconfirmed = Die E-Mail-Adresse ist noch nicht bestätigt.
why-unapproved = Noch hat dich niemand eingelassen, der sich um diesen Server kümmert.
why-not-password = Das ist nicht dein Passwort.
why-nobody = Niemand heißt { $a }.
why-silent = { $a } sagt nicht, wer das ist; vielleicht später.
why-move = { $a } kann nicht zu { $b } umziehen.
why-move-moved = { $a } ist selbst umgezogen.
why-move-alias = { $a } nennt { $b } nicht als Alias.
why-move-lately = { $a } ist vor Kurzem umgezogen; wieder in { $b } Tagen.
why-move-back = { $a } ist nicht umgezogen.
why-alias-self = { $a } ist kein Alias von sich selbst.
why-aliases = { $a } hat { $b } Aliasse; höchstens { $c }.
why-long = Einer der Texte hat { $b } Zeichen; höchstens { $c }.

## Listen und Themen
why-tag-named = { $a } ist kein Hashtag.
why-topics = Du wählst { $a } Hashtags; am Anfang höchstens { $b }.
why-list-large = Die Liste hat { $a } Bytes; höchstens { $b }.
why-list-long = Die Liste nennt mehr als { $a } Server.
why-list-empty = Die Liste nennt keinen Server, der zu lesen ist.
why-list-form = Das ist keine Liste von Servern; siehe Zeile { $a }.
why-list-none = Bring eine Liste, oder nenne einen Server, dessen Liste es sein soll.
why-list-much = Sag, wie viel von der Liste genommen werden soll.
why-list-busy = Die Server einer anderen Liste werden noch gesperrt.
why-list-server = { $a } ist kein Name eines Servers.
why-list-hidden = { $a } zeigt nicht, welche Server er sperrt.
why-list-self = { $a } ist dieser Server.
why-list-spared = Du lässt { $a } Server aus; höchstens { $b }.

## Quiet hours

why-clock = { $a } ist keine Uhrzeit; schreib sie wie { $b }.

## Filters from a file, archives

why-file-filters = Die Datei hat { $a } Filter; höchstens { $b }.
why-file-no-filters = Die Datei enthält keine lesbaren Filter.
why-file-moment = Ein Filter in der Datei endet zu einer unlesbaren Zeit.
why-archive-week = Um ein Archiv kann man einmal in der Woche bitten.
why-archive-day = Um ein Archiv, aus dem nichts wurde, kann man nach einem Tag wieder bitten.
why-archive-room = Andere Archive nehmen allen Platz, den es für sie gibt; bitten Sie in einigen Tagen wieder.
why-sign-in-first = Bitte melden Sie sich erst an.

## Emoji of this server's own

why-emoji-name = Ein Name hat { $a } bis { $b } Buchstaben a bis z, Ziffern und Unterstriche.
why-emoji-taken = Ein Emoji mit diesem Namen gibt es schon.
why-emoji-many = Es gibt { $a } Emoji; höchstens { $b } gehen.
why-emoji-large = Ein bewegtes Emoji hat höchstens { $c } Pixel auf jeder Seite; dieses hat { $a } mal { $b }.
why-emoji-unknown = Von diesem Server ist hier kein Emoji mit diesem Namen bekannt.
why-emoji-away = Sein Server gibt das Bild gerade nicht her.
why-relays = Es gibt { $a } Relays; mehr geht nicht.
why-relay-address = Das ist keine Adresse eines Relays: { $a }
why-relay-suspended = { $a } ist hier gesperrt.
why-relay-filters = { $a } Hashtags oder Sprachen; höchstens { $b }.
why-relay-hour = { $a } Beiträge in einer Stunde; mindestens { $b } und höchstens { $c }.
why-relay-none = Es gibt kein Relay { $a }.
why-relay-twice = { $a } hat hier schon ein Relay für Hashtags: { $b }
why-relay-tags = Ein Relay für Hashtags wird nach denen gefragt, denen Leute hier folgen; lass das Feld für Hashtags leer.
why-number = Eine der Zahlen kann nicht gelesen werden.

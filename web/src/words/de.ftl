# Die Wörter der Seiten auf Deutsch.

## The frame of every page

skip-to-content = Zum Inhalt springen
skip-to-navigation = Zur Navigation springen
lab-name = Labor.
lab-says = Ein Ort zum Ausprobieren: nichts hier ist echt.
nav-server = Dieser Server
nav-main = Hauptnavigation
nav-about = Über
nav-home = Startseite
nav-notifications = Mitteilungen
nav-unread = ungelesen
nav-compose = Neuer Beitrag
nav-search = Suche
nav-messages = Nachrichten
nav-explore = Entdecken
nav-bookmarks = Lesezeichen
nav-favourites = Favoriten
nav-lists = Listen
nav-settings = Einstellungen
nav-menu = Menü
sign-in = Anmelden
sign-out = Abmelden
sign-up = Registrieren
footer-runs = { $domain } läuft mit Dassie { $version }, freier Software.
about = Über uns
privacy = Datenschutz
source-code = Quelltext
language = Sprache
language-hint = Die Wörter dieser Seiten. Was Menschen schreiben, bleibt, wie sie es schrieben.
password = Passwort
moving = Umziehen
front-page = Zur Startseite
save = Speichern

## Times

january = Januar
february = Februar
march = März
april = April
may = Mai
june = Juni
july = Juli
august = August
september = September
october = Oktober
november = November
december = Dezember
date = { $day }. { $month } { $year }
date-and-time = { $date }, { $time } { $zone }
just-now = jetzt
minutes-ago = { $count } Min.
hours-ago = { $count } Std.
days-ago =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }

## Numbers with their nouns

replies =
    { $count ->
        [one] { $count } Antwort
       *[other] { $count } Antworten
    }
noun-replies =
    { $count ->
        [one] Antwort
       *[other] Antworten
    }
noun-boosts =
    { $count ->
        [one] Mal geteilt
       *[other] Mal geteilt
    }
noun-favourites =
    { $count ->
        [one] Favorit
       *[other] Favoriten
    }
noun-people =
    { $count ->
        [one] Mensch
       *[other] Menschen
    }
noun-posts =
    { $count ->
        [one] Beitrag
       *[other] Beiträge
    }
noun-servers =
    { $count ->
        [one] anderer Server bekannt
       *[other] andere Server bekannt
    }
noun-followers =
    { $count ->
        [one] Follower
       *[other] Follower
    }
noun-followed =
    { $count ->
        [one] gefolgt
       *[other] gefolgt
    }

## Posts

post-boosted-by = { $name } hat geteilt
post-pinned = Angeheftet
post-answers = Antwortet { $name }
post-filtered = Gefiltert: { $name }
post-show = (Beitrag zeigen)
post-quoted = Der zitierte Beitrag
post-quote-hidden = Ein zitierter Beitrag, der nicht gezeigt werden kann.
post-quote-waits = Ein zitierter Beitrag; sein Verfasser hat noch nicht zugestimmt.
post-quote-unasked = Zitiert einen Beitrag, dessen Verfasser nicht gefragt wurde oder nicht zugestimmt hat.
post-edited = bearbeitet { $time }
audience-public = Alle
audience-unlisted = Alle, aber leise
audience-private = Follower
audience-direct = Nur wer genannt ist
audience-local = Nur auf diesem Server
post-through = durch { $relay }
post-through-former = durch ein Relay
act-reply = Antworten
act-boost = Teilen
act-boosted = Geteilt
act-favourite = Favorit
act-favourited = Favorisiert
act-bookmark = Merken
act-bookmarked = Gemerkt
act-more = Mehr
act-quote = Zitieren
act-edit = Bearbeiten
act-pin = An mein Profil heften
act-unpin = Lösen
act-mute-thread = Unterhaltung stummschalten
act-unmute-thread = Unterhaltung nicht mehr stummschalten
act-open-original = Auf dem eigenen Server öffnen
act-link = Link zu diesem Beitrag
act-delete = Löschen
act-mention = Verfasser erwähnen
act-mute-author = { $name } stummschalten
act-block-author = { $name } sperren
act-report = Melden
newer-posts = Neuere Beiträge
older-posts = Ältere Beiträge
pager = Weitere Beiträge

## Pictures and polls

media-sensitive =
    { $count ->
        [one] Heikel: { $count } Anhang
       *[other] Heikel: { $count } Anhänge
    }
media-undescribed = Bild ohne Beschreibung
media-without-description = Ohne Beschreibung
media-opens-at = Öffnet sich bei { $host }
media-picture = Bild
media-moving-picture = Bewegtes Bild
media-film = Film
media-sound = Ton
media-file = Datei
poll = Umfrage
poll-votes =
    { $count ->
        [one] { $count } Stimme
       *[other] { $count } Stimmen
    }
poll-multiple = mehrere Antworten erlaubt
poll-closed-on = beendet { $time }
poll-open-until = offen bis { $time }
poll-closed = beendet
poll-own-vote = deine Stimme
poll-choose-one = Wähle eine Antwort
poll-choose-several = Wähle eine oder mehrere Antworten
poll-vote = Abstimmen

## Threads and tags

thread-title = { $name }: „{ $text }“
thread-heading = Beitrag von { $name }
thread-replies = Antworten
thread-more = Weitere Antworten
thread-start = Zu den ersten Antworten
thread-unseen-parent = einem Beitrag, der hier nicht gezeigt wird
thread-missing =
    { $count ->
        [one] Andere Server zählen { $count } weitere Antwort, die nicht hier ist.
       *[other] Andere Server zählen { $count } weitere Antworten, die nicht hier sind.
    }
tag-empty = Kein hier bekannter öffentlicher Beitrag hat dieses Schlagwort.

## The front page

front-lead = Ein kleiner Server für Menschen, Teil des Fediverse: folge allen hier von jedem Server, den du magst.
front-unowned = Dieser Server gehört noch niemandem.
front-unowned-hint = Wer ihn gestartet hat, findet in seiner Ausgabe einen Link mit einem einmaligen Code; er gilt 30 Minuten, und jeder Start macht einen neuen.
front-more = Regeln und mehr über diesen Server
privacy-policy = Datenschutzerklärung
terms-of-service = Nutzungsbedingungen
front-said-here = Hier gesagt
front-empty = Noch wurde nichts veröffentlicht.
front-approval = Jemand, der sich um diesen Server kümmert, liest, was du schreibst, und lässt dich ein.
front-closed = Neue Menschen: fragt, wer ihn betreibt; niemand kann sich selbst registrieren.
front-who-runs-it = Wer ihn betreibt
front-write-to = Schreib an { $address }

## Profiles

profile-empty = Hier sind keine öffentlichen Beiträge.
profile-empty-blocked = Du sperrst { $name }: Die Beiträge werden nicht gezeigt.
profile-moved = Ist umgezogen nach { $handle }
profile-memorial = Im Gedenken an { $name }.
profile-since = Hier seit { $date }.
profile-since-there = Auf { $host } spätestens seit { $date }.
profile-numbers-said = Diese Zahlen sind, was { $host } angibt.
profile-numbers-known = Diese Zahlen zählen nur, was hier bekannt ist.
profile-numbers-mixed = Einige dieser Zahlen sind, was { $host } angibt, die anderen zählen nur, was hier bekannt ist.
profile-number-said = laut { $host }
profile-number-known = hier bekannt
profile-follow-hint = Zum Folgen gib { $handle } in das Suchfeld deines eigenen Servers oder deiner App ein.
profile-locked = Anfragen zum Folgen werden erst angesehen.
profile-bot = Automatisch
profile-group = Gruppe
profile-verified = Geprüft am { $date }: jene Seite verweist hierher zurück.
profile-edit = Profil bearbeiten
profile-requested-by = { $name } möchte dir folgen.
request-accept = Annehmen
request-decline = Ablehnen
profile-follow = Folgen
profile-request = Folgen anfragen
profile-unfollow = Entfolgen
profile-unrequest = Anfrage zurückziehen
profile-unblock = Entsperren
profile-mention = Erwähnen
profile-message = Privat schreiben
profile-follows-you = Folgt dir
profile-you-follow = Du folgst
profile-you-mute = Stummgeschaltet
profile-you-block = Gesperrt
profile-blocks-you = Sperrt dich
profile-domain-blocked = Du sperrst diesen Server
profile-notify = Bei jedem Beitrag Bescheid geben
profile-unnotify = Nicht mehr bei jedem Beitrag Bescheid geben
profile-hide-boosts = Geteiltes verbergen
profile-show-boosts = Geteiltes zeigen
profile-remove-follower = Aus meinen Followern entfernen
profile-mute = Stummschalten
profile-unmute = Nicht mehr stummschalten
profile-block = Sperren
profile-note = Deine Notiz
profile-note-hint = Nur du siehst sie.
tabs-posts = Welche Beiträge
tab-posts = Beiträge
tab-posts-and-replies = Beiträge und Antworten
tab-media = Medien

## Home

home-empty = Noch nichts hier. Folge einigen Menschen, und was sie sagen, steht hier.
home-no-more = In dieser Richtung ist nichts mehr.
home-mark-read = Alles als gelesen markieren
home-read-line = Ab hier hast du schon gelesen

## What was just done

notice-boosted = Geteilt.
notice-unboosted = Nicht mehr geteilt.
notice-favourited = Zu deinen Favoriten hinzugefügt.
notice-unfavourited = Aus deinen Favoriten entfernt.
notice-bookmarked = Zu deinen Lesezeichen hinzugefügt.
notice-unbookmarked = Aus deinen Lesezeichen entfernt.
notice-thread-muted = Du hörst nichts mehr von dieser Unterhaltung.
notice-thread-unmuted = Du hörst wieder von dieser Unterhaltung.
notice-pinned = An dein Profil geheftet.
notice-unpinned = Nicht mehr angeheftet.
notice-followed = Erledigt: du folgst, oder deine Anfrage ist unterwegs.
notice-unfollowed = Du folgst nicht mehr.
notice-saved = Gespeichert.
notice-muted = Stummgeschaltet.
notice-unmuted = Nicht mehr stummgeschaltet.
notice-blocked = Gesperrt.
notice-unblocked = Nicht mehr gesperrt.
notice-request-accepted = Angenommen: sie folgen dir jetzt.
notice-request-declined = Abgelehnt.
notice-follower-removed = Sie folgen dir nicht mehr.
notice-voted = Deine Stimme zählt.
notice-read = Als gelesen markiert.

## What did not work

failure-invalid = Das ging nicht
failure-invalid-says = Etwas an dem Gesendeten stimmt nicht. Nichts wurde geändert.
failure-unauthorized = Bitte melde dich an
failure-unauthorized-says = Diese Seite ist für Angemeldete.
failure-forbidden = Nicht erlaubt
failure-forbidden-says = Das darfst du nicht, oder dein Formular war zu alt. Nichts wurde geändert.
failure-not-found = Hier ist nichts
failure-not-found-says = Eine solche Seite gibt es nicht, oder sie ist nicht für alle. Vielleicht ist die Adresse vertippt.
failure-method = So nicht
failure-method-says = Diese Adresse lässt sich so nicht benutzen.
failure-conflict = Etwas anderes war schneller
failure-conflict-says = Dasselbe wurde im selben Moment geändert. Bitte versuch es noch einmal.
failure-gone = Das war einmal hier
failure-gone-says = Was hier stand, wurde gelöscht, von wem es geschrieben war.
failure-too-large = Zu groß
failure-too-large-says = Das Gesendete ist größer, als dieser Server annimmt. Nichts wurde geändert.
failure-misdirected = Ein anderer Server
failure-misdirected-says = Dieser Server antwortet nicht für diesen Namen.
failure-too-many = Einen Moment, bitte
failure-too-many-says = In kurzer Zeit kamen zu viele Anfragen von dir. Nichts ist verloren.
failure-unavailable = Gerade nicht
failure-unavailable-says = Der Server kann das im Moment nicht. Was gespeichert ist, ist sicher.
failure-defect = Etwas ging schief
failure-defect-says = Der Fehler liegt bei uns und steht im Protokoll. Was gespeichert ist, ist sicher.
failure-other = Nicht möglich
failure-other-says = Der Server konnte nicht tun, worum er gebeten wurde.
failure-retry-seconds =
    { $count ->
        [one] Bitte versuch es in einer Sekunde noch einmal.
       *[other] Bitte versuch es in { $count } Sekunden noch einmal.
    }
failure-retry-minutes =
    { $count ->
        [one] Bitte versuch es in einer Minute noch einmal.
       *[other] Bitte versuch es in { $count } Minuten noch einmal.
    }
failure-kept = Dein Text ist hier aufbewahrt
failure-request = Anfrage

## Writing

compose-edit = Beitrag bearbeiten
compose-drafts =
    { $count ->
        [one] { $count } Entwurf
       *[other] { $count } Entwürfe
    }
compose-answers = Du antwortest { $name }
compose-quotes = Du zitierst { $name }
compose-text = Was möchtest du sagen?
compose-chars =
    { $count ->
        [one] Höchstens { $count } Zeichen.
       *[other] Höchstens { $count } Zeichen.
    }
compose-warning = Warnung (freiwillig)
compose-warning-hint = Sie steht statt des Textes da, bis jemand ihn öffnet.
compose-picture = Bild
compose-another-picture = Noch ein Bild
compose-attach = Hinzufügen
compose-picture-waits = Dieses Bild wird noch vorbereitet. Es ist gleich da.
compose-description = Beschreibe es für alle, die es nicht sehen können
compose-description-hint = Sag, worauf es ankommt: wer oder was, wo, und Wörter darauf.
compose-focus = Was im Bild bleiben soll
compose-focus-label = Wo es ist
focus-middle = in der Mitte
focus-top = oben
focus-bottom = unten
focus-left = links
focus-right = rechts
focus-top-left = oben links
focus-top-right = oben rechts
focus-bottom-left = unten links
focus-bottom-right = unten rechts
compose-remove-picture = Dieses Bild entfernen
compose-options = Antworten zur Auswahl
compose-option = Antwort { $count }
compose-lasts = Offen für
lasts-5-minutes = 5 Minuten
lasts-1-hour = 1 Stunde
lasts-6-hours = 6 Stunden
lasts-1-day = 1 Tag
lasts-3-days = 3 Tage
lasts-7-days = 7 Tage
compose-multiple = Mehrere Antworten dürfen gewählt werden
compose-hide-totals = Stimmen erst am Ende zeigen
compose-visibility = Wer es sehen darf
compose-public = Alle
compose-unlisted = Alle, aber leise: nicht in öffentlichen Zeitleisten
compose-private = Follower
compose-direct = Nur wer genannt ist
compose-local = Nur auf diesem Server
compose-further = Sprache, Antworten, Zitate, Zeitpunkt
compose-sensitive = Bilder erst verbergen
compose-language-unsaid = nicht angegeben
compose-may-reply = Wer antworten darf
compose-reply-everybody = Wer es sieht
compose-reply-followers = Follower
compose-reply-following = Wem du folgst
compose-reply-mentioned = Nur wer genannt ist
compose-may-quote = Wer es zitieren darf
compose-quote-everybody = Alle
compose-quote-followers = Follower
compose-quote-nobody = Niemand
compose-when = Später veröffentlichen (freiwillig)
compose-when-hint = Die Zeit ist die von { $zone }; mindestens fünf Minuten von jetzt an.
compose-post = Veröffentlichen
compose-schedule = Planen
compose-save = Änderungen speichern
compose-preview = Vorschau
compose-keep = Als Entwurf aufheben
compose-more = Bild, Umfrage, mehr
compose-about-gone = Worum es in diesem Beitrag geht, ist weg, oder du darfst es nicht sehen. Dein Text ist aufbewahrt.
compose-not-stored = Der Server kann gerade nichts speichern. Dein Text steht weiter in diesem Formular; Lesen geht noch.
reach-public =
    { $count ->
        [one] Dein { $count } Follower bekommt es, und alle können es finden.
       *[other] Deine { $count } Follower bekommen es, und alle können es finden.
    }
reach-unlisted =
    { $count ->
        [one] Dein { $count } Follower bekommt es; lesen kann es, wer vorbeikommt.
       *[other] Deine { $count } Follower bekommen es; lesen kann es, wer vorbeikommt.
    }
reach-private =
    { $count ->
        [one] Dein { $count } Follower und die Genannten bekommen es, sonst niemand.
       *[other] Deine { $count } Follower und die Genannten bekommen es, sonst niemand.
    }
reach-direct = Nur wer genannt ist, bekommt es. Wer deren Server betreibt, könnte es lesen.
reach-local = Nur Menschen auf diesem Server sehen es; es geht zu keinem anderen.
drafts = Entwürfe
drafts-empty = Keine Entwürfe. Was du beim Schreiben aufhebst, steht hier; Bilder eines Entwurfs bleiben einen Tag.
drafts-open = Weiterschreiben
delete-title = Diesen Beitrag löschen?
delete-says = Er verschwindet hier, und überall, wohin er ging, wird darum gebeten. Das lässt sich nicht rückgängig machen.
delete-redraft = Löschen und neu schreiben
cancel = Abbrechen
notice-posted = Veröffentlicht.
notice-scheduled = Es wird zu dieser Zeit veröffentlicht.
notice-edited = Änderungen gespeichert.
notice-deleted = Gelöscht.
notice-redraft = Gelöscht; was du schriebst, ist als dieser Entwurf aufgehoben.
notice-draft-kept = Als Entwurf aufgehoben.
notice-draft-removed = Weggeworfen.

## Notifications

tab-all = Alle
tab-mentions = Erwähnungen
tab-requests = Anfragen
notifications-empty = Noch ist nichts passiert.
told-and-others =
    { $count ->
        [one] und { $count } weitere Person
       *[other] und { $count } weitere
    }
told-mention = { $name } hat dich erwähnt
told-status = { $name } hat etwas veröffentlicht
told-reblog = { $name } hat deinen Beitrag geteilt
told-favourite = { $name } mag deinen Beitrag
told-follow = { $name } folgt dir
told-follow-request = { $name } möchte dir folgen
told-poll = Eine Umfrage ist zu Ende: { $name }
told-update = { $name } hat einen Beitrag bearbeitet
told-quote = { $name } hat dich zitiert
told-quoted-update = { $name } hat einen von dir zitierten Beitrag bearbeitet
told-sign-up = { $name } hat sich registriert
told-report = { $name } hat etwas gemeldet
told-other = Etwas ist passiert: { $name }
told-your-post = dein Beitrag
follow-requests = Folgeanfragen
follow-requests-empty = Niemand fragt, ob er dir folgen darf.
filtered-notifications = Zur Seite gelegt
filtered-notifications-hint = Mitteilungen von Fremden warten hier, bis du sie einlässt.
filtered-empty = Nichts ist zur Seite gelegt.
filtered-count =
    { $count ->
        [one] { $count } Mitteilung
       *[other] { $count } Mitteilungen
    }
filtered-count-most =
    { $count ->
        [one] Mindestens { $count } Mitteilung
       *[other] Mindestens { $count } Mitteilungen
    }
filtered-accept = Einlassen
filtered-dismiss = Verwerfen

## Messages

messages-new = Neue Nachricht
messages-hint = Nur die Genannten können das lesen. Es ist nicht verschlüsselt: wer einen beteiligten Server betreibt, könnte es lesen.
messages-empty = Noch keine Unterhaltungen.
messages-alone = Eine Notiz an dich selbst
messages-open = Öffnen
messages-remove = Aus der Liste nehmen

## Search

tab-people = Menschen
tab-tags = Schlagwörter
search-label = Wörter, ein Name, ein Schlagwort oder eine Adresse
search-hint = Eine eingefügte Adresse eines Beitrags oder Profils öffnet sich hier.
search-kinds = Gefundenes
search-nothing = Nichts gefunden.
search-more = Mehr
search-unavailable = Die Suche geht gerade nicht, alles andere schon. Bitte versuch es später noch einmal.
search-help = Wie man Beiträge sucht
search-whose = Gefunden werden deine eigenen Beiträge, solche, mit denen du zu tun hattest, und öffentliche, deren Verfasser es erlauben.
search-phrase = genau diese Wörter
search-without = ohne dieses Wort
search-from = von dieser Person
search-to = eine Antwort an diese Person
search-has = mit Bildern, Filmen oder Tönen; auch poll, link
search-is = eine Antwort; auch sensitive
search-language = in dieser Sprache
search-before = vor diesem Tag; auch after, during
search-in = nur womit du zu tun hattest; auch public
search-sort = was am besten passt zuerst; sonst das Neueste

## Explore, tags, lists

explore-busy = Zuletzt viel benutzt
explore-followed = Schlagwörter, denen du folgst
explore-people = Menschen, die dir gefallen könnten
tag-uses =
    { $count ->
        [one] { $count }-mal
       *[other] { $count }-mal
    }
followed-tags = Schlagwörter, denen du folgst
followed-tags-empty = Du folgst keinem Schlagwort. Öffne eins und drück auf Folgen: seine Beiträge stehen dann auf deiner Startseite.
bookmarks-empty = Keine Lesezeichen. Nur du siehst, was du dir merkst.
favourites-empty = Noch keine Favoriten.
lists-empty = Noch keine Listen. Stell Menschen zusammen und lies sie für sich.
lists-create = Liste anlegen
list-title = Name
list-replies = Welche Antworten darin stehen
list-replies-followed = an alle, denen ich folge
list-replies-list = an Menschen in der Liste
list-replies-none = keine
list-exclusive = Ihre Menschen auf der Startseite weglassen
list-members =
    { $count ->
        [one] { $count } Mensch darin
       *[other] { $count } Menschen darin
    }
list-members-hint = Füge Menschen, denen du folgst, auf ihrem Profil hinzu.
list-change = Diese Liste ändern
list-delete = Diese Liste löschen
list-empty = Noch nichts von diesen Menschen.
remove = Entfernen

## Reporting, blocking

report-title = { $handle } melden
report-who-reads = Es liest, wer sich um diesen Server kümmert. Wen du meldest, erfährt nicht, von wem es kam.
report-category = Worum geht es?
report-spam = Es ist Spam
report-violation = Es bricht Regeln dieses Servers
report-legal = Es verstößt gegen das Gesetz
report-other = Etwas anderes
report-rules = Welche Regeln?
report-posts = Welche Beiträge?
report-comment = Was sollte man noch wissen?
report-forward = Auch ihrem Server sagen, ohne meinen Namen
report-send = Meldung senden
block-title = Diese Person sperren?
block-says = Ihr seht die Beiträge des anderen nicht, und keiner kann dem anderen folgen.
mute-title = Diese Person stummschalten?
mute-says = Ihre Beiträge kommen nicht mehr zu dir, und du hörst nichts von dem, was sie tut. Es wird nicht mitgeteilt; auf ihrem Profil kannst du es beenden.
remove-title = Diesen Follower entfernen?
remove-says = Es wird nicht mitgeteilt, und die Person kann wieder folgen.
notice-list-deleted = Die Liste ist weg.
notice-conversation-removed = Aus der Liste genommen.
notice-reported = Danke. Es wird angesehen.
notice-let-in = Eingelassen.
notice-kept-out = Verworfen.

## With scripts

home-new-posts = { $count } neue Beiträge
keys = Tasten
key-next = nächster Beitrag
key-previous = voriger Beitrag
key-open = Beitrag öffnen
key-unfold = zeigen, was eine Warnung verbirgt
key-fresh = neue Beiträge zeigen
key-go = Startseite; g n Mitteilungen, g m Nachrichten, g l Listen

## About the server

about-title = Über { $name }
rules = Regeln
rules-none = Es sind keine Regeln aufgeschrieben.
about-following = Menschen hier folgen
about-following-says = Konten hier sehen aus wie { $handle }. Gib so einen Namen in das Suchfeld deines eigenen Servers oder deiner App ein und folge von dort.
about-source = Das Programm und sein Quelltext
about-source-says = Dieser Server läuft mit Dassie { $version }, freier Software unter der GNU Affero General Public License, Version 3 oder neuer. Wer es über das Netz benutzt, darf den Quelltext genau dieser Version haben; wer den Server betreibt, gibt ihn auf Anfrage.
document-changed = Zuletzt geändert am { $date }.
document-since = In Kraft seit { $date }.
document-from = In Kraft ab { $date }.
document-next = Eine andere Fassung folgt am { $date }.
people-followers = Wer { $name } folgt
people-following = Wem { $name } folgt
people-empty = Hier wird niemand gezeigt.
settings-moving-here = Von einem anderen Konto hierher umziehen
settings-moving-away = Zu einem anderen Konto umziehen

## A try-out, and error pages

try-out-name = Zum Ausprobieren:
try-out-says = Nur dieser Rechner erreicht diesen Server.
try-out-way = Ihm einen Namen geben
settings-name = Der Name dieses Servers
steps-name = Geben Sie Ihrem Server einen Namen
steps-name-why = Bis dahin erreicht ihn nur dieser Rechner, und niemand sonst kann Ihnen folgen.
failure-again = Noch einmal versuchen
failure-to-form = Zurück zum Formular

## Accessibility

accessibility = Barrierefreiheit
accessibility-says = Alle sollen hier lesen und schreiben können, womit auch immer sie das tun.
accessibility-looked-at = Was bei jeder Änderung des Programms geprüft wird
accessibility-standard = Das Ziel ist WCAG 2.2, Stufe AA.
accessibility-audit = Alle Seiten werden mit axe und einem HTML-Prüfer geprüft, hell, dunkel und von rechts nach links.
accessibility-keyboard = Ein Beitrag mit einem Bild und dessen Beschreibung wird allein mit der Tastatur geschrieben.
accessibility-narrow = Seiten werden in 320 Pixel breiten Fenstern gelesen, was auch einer Vergrößerung auf 400 % entspricht.
accessibility-contrast = Jede Akzentfarbe wird so weit geändert, bis sie lesbar ist; mehr Kontrast ist Ihre Wahl oder die Ihres Systems.
accessibility-scripts = Alles geht ohne Skripte, auch in Browsern, die nur Text zeigen.
accessibility-gaps = Was bekanntlich noch nicht stimmt
accessibility-gap-readers = Noch keine Ausgabe wurde mit einem Screenreader von jemandem durchgesehen, der darauf angewiesen ist; der Plan dafür steht in docs/ACCESSIBILITY.md.
accessibility-gap-alt = Bilder von anderen Servern haben oft keine Beschreibung; hier kann niemand eine hinzufügen.
accessibility-gap-emoji = Die Namen der Emoji, die beim Schreiben ergänzt werden, sind englisch.
accessibility-gap-words = Deutsch, Spanisch und Arabisch hat noch niemand gelesen, dessen Muttersprache es ist.
accessibility-write = Wenn etwas für Sie nicht geht
accessibility-write-to = Bitte schreiben Sie an { $address } und sagen Sie, was Sie benutzt haben und was geschah.
accessibility-write-program = Bitte sagen Sie denen, die diesen Server betreiben, was Sie benutzt haben und was geschah.

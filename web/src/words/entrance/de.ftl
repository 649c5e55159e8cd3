## Eingang

naming-title = Erster Start
naming-question = Wie heißt dieser Server?
naming-says = Unter diesem Namen werden die Leute hier gefunden, und er lässt sich nicht mehr ändern, sobald andere Server von ihm gehört haben. Du brauchst eine Domain oder einen Namen darunter, der zu diesem Rechner oder zu deinem Router führt.
naming-name = Name des Servers
naming-who-keeps = Wer hält das Zertifikat, ohne das niemand sich verbinden kann?
naming-own = Dieser Server, von selbst
naming-own-says = Er braucht { $ports } für sich. Sonst muss nichts eingerichtet werden.
naming-two-ports = die Ports { $one } und { $two }
naming-one-port = den Port { $one }
naming-proxy = Ein Proxy, den ich davor betreibe
naming-proxy-says = Er soll alles an { $address } weitergeben, mit der Kopfzeile Host, wie sie kam.
naming-shorter = Namen unter einer kürzeren Domain
naming-shorter-label = Was hinter dem @ steht, wenn es nicht der Name ist
naming-shorter-says = Der Server dort muss drei Adressen hierher leiten; die nächste Seite sagt, welche.
naming-look = Nachsehen, ob es geht
naming-try = Erst einmal auf diesem Rechner ausprobieren
naming-try-says = Dann erreicht ihn sonst niemand. Einen Namen kannst du ihm später geben, solange nichts an einen anderen Server gegangen ist.
naming-looking = { $name } wird angesehen
naming-looking-says = Wohin der Name führt, ob die Ports frei sind, ob ein Zertifikat zu haben ist. Das dauert einige Sekunden.
naming-not-yet = Noch nicht
naming-works = { $name } geht
naming-redirects = Der Server unter der kürzeren Domain muss diese Adressen hierher leiten:
naming-proxies = Für nginx und Caddy
naming-proxies-nginx = nginx, im server-Block der kürzeren Domain:
naming-proxies-caddy = Caddy, im Site-Block der kürzeren Domain:
naming-put-right = Bring das in Ordnung und sieh noch einmal nach; nichts ist geändert worden.
naming-take = Diesen Namen nehmen
naming-again = Noch einmal nachsehen
naming-another = Ein anderer Name
naming-anew = Der Server beginnt neu
naming-anew-says = Er hat seinen Namen und antwortet gleich darunter. Die Seite geht von selbst dorthin.
naming-go-on = Weiter
naming-fine = Gut:
naming-unclear = Sieh nach:
naming-wrong = Falsch:
first-welcome = Willkommen
first-says = Dieser Server gehört noch niemandem. Wähle einen Namen und ein Passwort, und er ist deiner.
first-do = Diesen Server zu meinem machen
entry-email-optional = E-Mail-Adresse (freiwillig)
entry-username = Benutzername
entry-username-says = Buchstaben, Ziffern und Unterstriche; später lässt er sich nicht ändern. Du wirst { $handle } sein.
entry-password = Passwort
entry-password-says = Mindestens 8 Zeichen.
entry-login = Benutzername oder E-Mail-Adresse
entry-forgot = Passwort vergessen?
entry-sign-up = Registrieren
entry-email = E-Mail-Adresse
entry-birth = Geburtsdatum
entry-birth-says = Du musst mindestens { $years } Jahre alt sein. Das Datum wird nicht aufbewahrt.
entry-reason = Warum möchtest du dazukommen?
entry-reason-optional = Warum möchtest du dazukommen? (freiwillig)
entry-reason-says = Jemand, der sich um diesen Server kümmert, liest es und lässt dich ein.
entry-rules = Regeln
entry-agree = Ich benehme mich hier wie ein Gast
entry-agree-rules = Ich bin mit diesen Regeln einverstanden
entry-instead = Stattdessen anmelden
entry-confirm = Bestätige deine Adresse
entry-confirm-says = Gehört { $address } dir?
entry-confirm-do = Ja, bestätigen
entry-stale = Dieser Link gilt nicht mehr
entry-stale-says = Er wurde schon benutzt, ist zu alt, oder es ging ein neuerer hinaus.
entry-choose = Wähle ein neues Passwort
entry-letter = Du bekommst einen Brief mit einem Link, an die Adresse, mit der du dich registriert hast.
entry-letter-do = Link schicken
entry-no-mail = Dieser Server verschickt keine Post. Ohne Notfallblatt bitte die Person, die ihn betreibt, um ein neues Passwort.
entry-new-password = Neues Passwort
entry-all-again = Jeder Browser und jede App muss sich neu anmelden, und ein früheres Notfallblatt gilt nicht mehr.
entry-set = Passwort setzen
entry-change = Ändere dein Passwort
entry-current = Jetziges Passwort
entry-others-again = Jeder andere Browser und jede App muss sich neu anmelden, und ein früheres Notfallblatt gilt nicht mehr.
entry-change-do = Passwort ändern
entry-mail = Sieh in deine Post
entry-mail-says = Ein Brief mit einem Link ist unterwegs. Öffne ihn, um deine Adresse zu bestätigen.
entry-waiting = Jemand lässt dich ein
entry-waiting-says = Jemand, der sich um diesen Server kümmert, liest, was du geschrieben hast. Anmelden kannst du dich, sobald du eingelassen bist.
entry-come-in = Du kannst dich jetzt anmelden, hier oder mit jeder Mastodon-App.
entry-confirmed = Deine Adresse ist bestätigt
entry-reset-says = Hat jemand hier diese Adresse, ist ein Brief mit einem Link dorthin unterwegs. Er gilt sechs Stunden.
entry-holds = Dein neues Passwort gilt
entry-front = Startseite
entry-done = Fertig

## Invites
entry-uninvited = Diese Einladung gilt nicht mehr
entry-uninvited-says = Ihre Zeit ist um, sie ist aufgebraucht oder wurde zurückgenommen. Bitte um eine neue, wo du sie herhast.
entry-uninvited-open = Ohne sie ein Konto anlegen
entry-about = Was das für ein Server ist
entry-invited = { $name } lädt dich zu { $domain } ein.

## Ways in without mail
entry-email-changed = Deine Adresse ist geändert
entry-email-changed-says = Briefe gehen von jetzt an dorthin.

## Themen, und Server, denen man fernbleibt
people-topics = Was magst du?
people-topics-hint = Diesen Hashtags folgst du, und was darunter geschrieben wird, steht auf deiner Startseite. Beiträge anderer Server kommen erst, wenn hier jemand einer Person folgt, die sie schreibt, oder durch ein Relay: Auf einem neuen Server dauert das eine Weile.
people-topics-offered = neuhier fotografie kunst musik buch film wissenschaft geschichte natur garten katzen kochen fahrrad spiele opensource technik
people-topics-more = Andere Hashtags
people-blocks = Von welchen Servern fernbleiben?
people-blocks-says = Mit diesem Programm kommt keine Liste: Bring eine von Leuten mit, denen du traust. Du siehst Zahlen, bevor etwas gesperrt wird.
people-blocks-none = Von keinem
people-blocks-none-hint = Server kannst du auch später sperren, einzeln oder mit einer Liste.
people-blocks-light = Leicht
people-blocks-light-hint = Nur was die Liste ganz sperrt: Von dort kommt nichts, dorthin geht nichts.
people-blocks-careful = Vorsichtig
people-blocks-careful-hint = Alles, wie die Liste es sagt: Manche werden ganz gesperrt, manche sieht nur, wer dort jemandem folgt.
people-blocks-file = Eine Datei
people-blocks-file-hint = Eine Tabelle, wie Mastodon, Oliphant, Fediseer oder IFTAS sie schreiben, oder eine Domain je Zeile; höchstens { $count } Server.
people-blocks-server = Oder ein Server, dessen Liste es sein soll
people-blocks-server-hint = Viele Server sagen allen, welche anderen sie sperren.
blocks-reading-title = Die Liste ist unterwegs
blocks-reading = { $server } wird gefragt, welche Server er sperrt. Das dauert einige Sekunden; nichts wird gesperrt, bevor du die Zahlen gesehen hast.
blocks-failed = Es kam keine Liste
blocks-nothing-done = Durch sie ist nichts gesperrt.
blocks-another = Eine andere Liste bringen
blocks-title = Was die Liste sperren würde
blocks-from = Von { $source }.
blocks-how-much = Wie viel davon?
blocks-servers = { $count ->
    [one] { $count } Server
   *[other] { $count } Server
}
blocks-suspended = ganz gesperrt
blocks-silenced = eingeschränkt
blocks-refused = ohne Bilder oder Meldungen
blocks-known = { $count ->
    [one] { $count } Server der Liste ist schon gesperrt und bleibt, wie er ist.
   *[other] { $count } Server der Liste sind schon gesperrt und bleiben, wie sie sind.
}
blocks-unread = { $count ->
    [one] { $count } Zeile ist nicht zu lesen oder verbirgt den Namen des Servers; sie bleibt weg.
   *[other] { $count } Zeilen sind nicht zu lesen oder verbergen den Namen des Servers; sie bleiben weg.
}
blocks-waits = Wem du mit deinem alten Konto gefolgt bist, wird noch erfragt und konnte hier nicht angesehen werden.
blocks-affected-none = Niemand, dem du folgst oder gleich folgen wirst, wohnt auf einem davon.
blocks-affected = { $count ->
    [one] Auf { $count } davon wohnen Leute, denen du folgst oder gleich folgen wirst
   *[other] Auf { $count } davon wohnen Leute, denen du folgst oder gleich folgen wirst
}
blocks-affected-hint = Hake an, was ausgelassen werden soll.
blocks-people = { $count ->
    [one] { $count } Person
   *[other] { $count } Personen
}
blocks-cut = Es sind mehr, als sich hier zeigen lassen.
blocks-undo = Wem du auf einem ganz gesperrten Server folgst, dem folgst du dann nicht mehr. Eine Sperre lässt sich jederzeit aufheben; Folgen kommen dadurch nicht zurück.
blocks-do = Diese Server sperren
blocks-not = Nichts sperren
notice-blocks-come = Die Server der Liste werden nacheinander gesperrt.

## Anwendungen, die um Zugang bitten
authorize-title = Eine Anwendung zulassen
authorize-in = { $name } einlassen?
authorize-asks = { $name } möchte für dich handeln. Du bist angemeldet als { $handle }.
authorize-may = Sie darf
authorize-do = Zulassen
authorize-deny = Ablehnen
authorize-not-you = Nicht du?
authorize-code-title = Code für den Zugang
authorize-copy = Kopiere diesen Code
authorize-copy-says = Füge ihn in die Anwendung ein. Er gilt zehn Minuten und ein Mal.
authorize-denied-title = Nicht zugelassen
authorize-denied = Nichts wurde zugelassen
authorize-denied-says = Die Anwendung hat keinen Zugang bekommen. Du kannst diese Seite schließen.
scope-profile = Sehen, wer du bist: deinen Namen und dein Bild
scope-read = Alles lesen, was du lesen kannst, auch private Beiträge
scope-write = In deinem Namen schreiben, ändern, löschen und reagieren und dein Profil ändern
scope-follow = Für dich Leuten folgen, sie stummschalten und blockieren
scope-push = Deine Mitteilungen an dieses Gerät schicken
scope-read-accounts = Profile sehen, auch deines
scope-read-blocks = Sehen, wen du blockierst
scope-read-bookmarks = Deine Lesezeichen sehen
scope-read-collections = Deine Sammlungen sehen
scope-read-favourites = Deine Favoriten sehen
scope-read-filters = Deine Filter sehen
scope-read-follows = Sehen, wem du folgst
scope-read-lists = Deine Listen sehen
scope-read-mutes = Sehen, wen du stummgeschaltet hast
scope-read-notifications = Deine Mitteilungen sehen
scope-read-search = Für dich suchen
scope-read-statuses = Alle Beiträge lesen, die du lesen kannst, auch private
scope-write-accounts = Dein Profil ändern
scope-write-blocks = Leute und Server blockieren und wieder zulassen
scope-write-bookmarks = Lesezeichen setzen und entfernen
scope-write-collections = Deine Sammlungen ändern
scope-write-conversations = Unterhaltungen stummschalten und löschen
scope-write-favourites = In deinem Namen Beiträge favorisieren
scope-write-filters = Deine Filter ändern
scope-write-follows = Für dich Leuten folgen und entfolgen
scope-write-lists = Deine Listen ändern
scope-write-media = Bilder und Aufnahmen hochladen
scope-write-mutes = Leute und Unterhaltungen stummschalten
scope-write-notifications = Deine Mitteilungen leeren
scope-write-reports = In deinem Namen Leute melden
scope-write-statuses = In deinem Namen schreiben, ändern und löschen
scope-admin-read = Alles sehen, was die Verwaltung sieht
scope-admin-write = Als Verwaltung handeln
scope-admin-accounts = Konten verwalten, mit ihren E-Mail- und Netzadressen
scope-admin-reports = Meldungen verwalten
scope-admin-allows = Die Liste der zugelassenen Server verwalten
scope-admin-blocks = Die Liste der gesperrten Server verwalten
scope-admin-networks = Gesperrte Netzadressen verwalten
scope-admin-addresses = Gesperrte E-Mail-Adressen verwalten
scope-admin-providers = Gesperrte E-Mail-Anbieter verwalten
scope-unknown = Etwas tun, wofür dieser Server keine Worte hat

## Was über einen Namen gefunden wurde
finding-name = { $a } führt zu { $b }.
finding-name-inside = { $a } führt zu { $b }, was außerhalb deines Hauses niemand erreicht.
finding-name-nowhere = { $a } führt noch nirgendwohin ({ $b }): Setze dort, wo du den Namen herhast, seinen A-Eintrag (und AAAA, wenn du IPv6 hast) auf die Adresse dieses Rechners oder deines Routers.
finding-name-silent = Binnen fünf Sekunden sagte niemand, wohin { $a } führt.
finding-port = Port { $a } ist frei.
finding-listen = { $a } lässt sich nicht öffnen: { $b }.
finding-reached = Unter { $a } antwortet dieser Server.
finding-reached-other = Unter { $a } antwortet ein anderer Server (Status { $b }): Der Proxy soll alles an diesen weitergeben, mit der Kopfzeile Host, wie sie kam.
finding-reached-not = { $a } ist von hier nicht zu erreichen ({ $b }). Viele Router führen nicht nach Hause, was von innen kommt: Versuch { $c } mit einem Telefon, das nicht in deinem Netz ist.
finding-authority = Die Zertifizierungsstelle ist nicht zu erreichen: { $a }.
finding-authority-time = Die Zertifizierungsstelle sagt nicht, wie spät es ist.
finding-clock-off = Die Uhr dieses Rechners geht um { $a } Sekunden falsch: Lass sie vom Netz stellen (NTP).
finding-clock = Die Uhr geht richtig.
finding-certificate = Das Zertifikat ist da.

## What works here, a name later, an owner with a passkey

naming-here = Was hier geht:
naming-here-own = Niemand sonst belegt { $ports }, also kann dieser Server das Zertifikat selbst führen; Ihre Domain muss zu diesem Rechner führen.
naming-here-inside = Niemand sonst belegt { $ports }, also kann dieser Server das Zertifikat selbst führen; Ihr Router muss das an diesen Rechner, { $inside }, weitergeben, und Ihre Domain muss zum Router führen.
naming-here-not-allowed = Port { $port } ist frei, aber dieses Programm darf ihn nicht nehmen: Geben Sie ihm das Recht, wie docs/OPERATING.md sagt, und laden Sie diese Seite neu, oder lassen Sie einen Proxy das Zertifikat führen.
naming-here-held = Port { $port } gehört einem anderen Programm, wahrscheinlich einem Webserver: Lassen Sie ihn das Zertifikat führen und alles für Ihren Namen an { $address } weitergeben, mit dem Host-Header, wie er kam.
naming-here-proxied = Ein Proxy hat Ihnen diese Seite weitergegeben, also kann er das Zertifikat führen: Lassen Sie ihn alles für Ihren Namen an { $address } weitergeben, mit dem Host-Header, wie er kam.
naming-later-says = Einmal genommen, bleibt der Name. Beiträge und Menschen ziehen mit, und alle melden sich unter ihm neu an.
naming-no-password = Bisher ließ Sie nur ein Passkey herein. Wählen Sie erst ein Passwort, mit dem Code auf Ihrem Notfallblatt; kommen Sie dann hierher zurück.
naming-later-passkeys =
    { $count ->
        [one] Ihr Passkey gilt nur für den jetzigen Namen und wird unter dem neuen nicht gehen: Sie kommen mit Ihrem Passwort herein.
       *[other] Ihre { $count } Passkeys gelten nur für den jetzigen Namen und werden unter dem neuen nicht gehen: Sie kommen mit Ihrem Passwort herein.
    }
naming-settled = Dieser Server heißt { $name }. Das bleibt so: Sein Name wurde beim Start gesetzt, oder andere Server haben schon von ihm gehört.
first-passkey = Diesen Server zu meinem machen, mit Passkey statt Passwort
first-passkey-says = Sie kommen dann mit diesem Gerät oder Schlüssel herein und haben kein Passwort. Schreiben Sie den Code oben ab: Mit ihm kommen Sie wieder herein und wählen ein Passwort, nach dem bei wichtigen Dingen gefragt wird.

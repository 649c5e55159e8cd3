## Briefe

letter-hello = Hallo,
letter-confirm-subject = Bestätige deine Adresse für { $title }
letter-confirm =
    Jemand, wahrscheinlich du, hat sich als { $handle } mit dieser Adresse registriert.

    Öffne zum Bestätigen diese Seite und drücke dort den Knopf:

    { $link }

    Der Link gilt sieben Tage. Warst du es nicht, tu nichts: Das Konto bleibt zu.
letter-reset-subject = Ein neues Passwort für { $title }
letter-reset =
    Jemand, wahrscheinlich du, möchte ein neues Passwort für { $handle } wählen.

    Öffne dazu diese Seite:

    { $link }

    Der Link gilt sechs Stunden und ein Mal. Warst du es nicht, tu nichts: Dein Passwort bleibt, wie es ist.
letter-approved-subject = Willkommen bei { $title }
letter-approved =
    { $handle } ist jetzt offen: Melde dich mit einer beliebigen Mastodon-App an, oder hier:

    { $link }
letter-password-subject = Dein Passwort für { $title } wurde geändert
letter-password =
    Das Passwort von { $handle } wurde geändert. Jeder Browser und jede App muss sich neu anmelden, und ein früheres Notfallblatt gilt nicht mehr.

    Warst du es nicht, wähle sofort ein neues:

    { $link }
letter-strike-subject = Eine Entscheidung über dein Konto bei { $title }
letter-strike =
    Wer sich um { $title } kümmert, hat etwas über { $handle } entschieden.

    Was und warum, und wie du binnen zwanzig Tagen widersprechen kannst, steht hier:

    { $link }
letter-appeal-decided-subject = Über deinen Widerspruch bei { $title } wurde entschieden
letter-appeal-decided =
    Was aus dem Widerspruch von { $handle } geworden ist, steht hier:

    { $link }
letter-appeal-made-subject = Ein Widerspruch bei { $title } wartet auf eine Entscheidung
letter-appeal-made =
    Jemand hat einer Entscheidung widersprochen. Lies und entscheide hier:

    { $link }
letter-new-address-subject = Deine neue Adresse für { $title }
letter-new-address =
    Briefe für { $handle } sollen von jetzt an an diese Adresse gehen.

    Öffne zum Bestätigen diese Seite und drücke dort den Knopf:

    { $link }

    Der Link gilt sieben Tage. Warst du es nicht, tu nichts: Sie gehen dorthin, wohin sie bisher gingen.
letter-address-to-change-subject = Briefe von { $title } sollen an eine andere Adresse gehen
letter-address-to-change =
    Jemand, wahrscheinlich du, kennt das Passwort von { $handle } und möchte, dass die Briefe an eine andere Adresse gehen. Das tun sie, sobald ein Link in einem Brief an jene Adresse geöffnet wurde.

    Warst du es nicht, wähle sofort ein neues Passwort, und sieh nach, wer Zugang hat:

    { $link }

    { $access }
letter-address-changed-subject = Briefe von { $title } gehen jetzt an eine andere Adresse
letter-address-changed =
    Briefe für { $handle } gehen von jetzt an an eine andere Adresse; diese hier bekommt keine mehr.

    Warst du es nicht, schreib sofort an die, die sich um { $title } kümmern:

    { $about }
letter-second-on-subject = Zwei-Faktor-Anmeldung für { $title } wurde eingeschaltet
letter-second-on =
    Wer sich als { $handle } anmeldet, braucht jetzt außer dem Passwort einen Code. Jeder Browser und jede App muss sich neu anmelden.

    Warst du es nicht, wähle sofort ein neues Passwort:

    { $link }
letter-second-off-subject = Zwei-Faktor-Anmeldung für { $title } wurde ausgeschaltet
letter-second-off =
    Wer sich als { $handle } anmeldet, braucht jetzt nur noch das Passwort. Jeder Browser und jede App muss sich neu anmelden.

    Warst du es nicht, wähle sofort ein neues Passwort und schalte sie wieder ein:

    { $link }
letter-codes-subject = Deine Ersatzcodes für { $title } sind verbraucht
letter-codes =
    Mit dem letzten Ersatzcode von { $handle } hat sich jemand angemeldet. Mach neue, damit du auch ohne dein Gerät hineinkommst:

    { $security }

    Warst du es nicht, wähle sofort ein neues Passwort:

    { $link }
letter-passkey-added-subject = Ein Passkey für { $title } ist dazugekommen
letter-passkey-added =
    Jemand, wahrscheinlich du, kann sich mit einem neuen Passkey als { $handle } anmelden.

    Warst du es nicht, wähle sofort ein neues Passwort und nimm den Passkey weg:

    { $link }

    { $passkeys }
letter-passkey-removed-subject = Ein Passkey für { $title } wurde entfernt
letter-passkey-removed =
    Ein Passkey von { $handle } wurde weggenommen: Er lässt niemanden mehr hinein.

    Warst du es nicht, wähle sofort ein neues Passwort:

    { $link }
letter-sheet-subject = Ein Notfallblatt für { $title } wurde gemacht
letter-sheet =
    Jemand, wahrscheinlich du, kennt das Passwort von { $handle } und hat ein Notfallblatt gemacht: Wer dessen Code hat, kann ein anderes Passwort wählen. Ein früheres Blatt gilt nicht mehr.

    Warst du es nicht, wähle sofort ein neues Passwort; dann gilt auch dieses Blatt nicht mehr:

    { $link }

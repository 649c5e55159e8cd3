## Letters

letter-hello = Hello,
letter-confirm-subject = Confirm your address for { $title }
letter-confirm =
    Somebody, probably you, signed up as { $handle } with this address.

    To confirm it open this page and press the button there:

    { $link }

    The link holds for seven days. If it was not you, do nothing: the account stays closed.
letter-reset-subject = A new password for { $title }
letter-reset =
    Somebody, probably you, wants to choose a new password for { $handle }.

    Open this page to do so:

    { $link }

    The link holds for six hours and works once. If it was not you, do nothing: your password stays as it is.
letter-approved-subject = Welcome to { $title }
letter-approved =
    { $handle } is open now: sign in with any Mastodon app, or at

    { $link }
letter-password-subject = Your password for { $title } was changed
letter-password =
    The password of { $handle } was changed. Every browser and app has to sign in again, and a recovery sheet made before counts no more.

    If it was not you, choose a new one at once:

    { $link }
letter-strike-subject = A decision about your account on { $title }
letter-strike =
    Those who look after { $title } have decided something about { $handle }.

    What it is and why, and how you can appeal within twenty days, stands here:

    { $link }
letter-appeal-decided-subject = Your appeal on { $title } was decided
letter-appeal-decided =
    What became of the appeal of { $handle } stands here:

    { $link }
letter-appeal-made-subject = An appeal on { $title } waits for a decision
letter-appeal-made =
    Somebody has appealed against a decision. Read and decide it here:

    { $link }
letter-new-address-subject = Your new address for { $title }
letter-new-address =
    Letters for { $handle } are to go to this address from now on.

    To confirm it open this page and press the button there:

    { $link }

    The link holds for seven days. If it was not you, do nothing: they go where they went before.
letter-address-to-change-subject = Letters of { $title } are to go to another address
letter-address-to-change =
    Somebody, probably you, who knows the password of { $handle } wants its letters to go to another address. They go there once a link in a letter to that address was opened.

    If it was not you, choose a new password at once, and look who has access:

    { $link }

    { $access }
letter-address-changed-subject = Letters of { $title } go to another address now
letter-address-changed =
    Letters for { $handle } go to another address from now on; this one gets no more of them.

    If it was not you, write to those who look after { $title } at once:

    { $about }
letter-second-on-subject = Two-factor authentication was turned on for { $title }
letter-second-on =
    Signing in as { $handle } takes a code beside the password now. Every browser and app has to sign in again.

    If it was not you, choose a new password at once:

    { $link }
letter-second-off-subject = Two-factor authentication was turned off for { $title }
letter-second-off =
    Signing in as { $handle } takes the password alone now. Every browser and app has to sign in again.

    If it was not you, choose a new password at once, and turn it on again:

    { $link }
letter-codes-subject = Your spare codes for { $title } are used up
letter-codes =
    The last spare code of { $handle } was used to sign in. Make new ones, so that you can come in without your device:

    { $security }

    If it was not you, choose a new password at once:

    { $link }
letter-passkey-added-subject = A passkey was added for { $title }
letter-passkey-added =
    Somebody, probably you, can sign in as { $handle } with a new passkey.

    If it was not you, choose a new password at once, and take the passkey away:

    { $link }

    { $passkeys }
letter-passkey-removed-subject = A passkey was removed for { $title }
letter-passkey-removed =
    A passkey of { $handle } was taken away: it lets nobody in any more.

    If it was not you, choose a new password at once:

    { $link }
letter-sheet-subject = A recovery sheet was made for { $title }
letter-sheet =
    Somebody, probably you, who knows the password of { $handle } made a recovery sheet: the code on it lets its holder choose another password. A former sheet counts no more.

    If it was not you, choose a new password at once; then this sheet counts no more either:

    { $link }

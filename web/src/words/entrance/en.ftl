## Entrance

naming-title = First run
naming-question = What is this server called?
naming-says = People will be found under this name, and it cannot be changed once other servers have heard of it. You need a domain, or a name below one, that leads to this machine or to your router.
naming-name = Name of the server
naming-who-keeps = Who keeps the certificate, without which nobody can connect?
naming-own = This server, by itself
naming-own-says = It needs { $ports } for itself. Nothing else has to be installed.
naming-two-ports = ports { $one } and { $two }
naming-one-port = port { $one }
naming-proxy = A proxy that I run before it
naming-proxy-says = Have it pass everything on to { $address }, with the Host header as it came.
naming-shorter = Handles under a shorter domain
naming-shorter-label = What stands behind the @, if it is not the name
naming-shorter-says = The server there must lead three addresses here; the next page says which.
naming-look = Look whether it works
naming-try = Just try it out on this machine first
naming-try-says = Nobody else can reach it then. You can give it a name later, as long as nothing has been sent to another server.
naming-looking = Looking at { $name }
naming-looking-says = Where the name leads, whether the ports are free, whether a certificate can be had. This takes some seconds.
naming-not-yet = Not yet
naming-works = { $name } works
naming-redirects = The server at the shorter domain must lead these addresses here:
naming-proxies = For nginx and Caddy
naming-proxies-nginx = nginx, in the server block of the shorter domain:
naming-proxies-caddy = Caddy, in the site block of the shorter domain:
naming-put-right = Put that right and look again; nothing has been changed.
naming-take = Take this name
naming-again = Look again
naming-another = Another name
naming-anew = The server begins anew
naming-anew-says = It has its name, and answers under it in a moment. The page goes there by itself.
naming-go-on = Go on
naming-fine = Fine:
naming-unclear = Look:
naming-wrong = Wrong:
first-welcome = Welcome
first-says = This server has no owner yet. Choose a name and a password, and it is yours.
first-do = Make this server mine
entry-email-optional = E-mail address (optional)
entry-username = Username
entry-username-says = Letters, digits and underscores; it cannot be changed later. You will be { $handle }.
entry-password = Password
entry-password-says = At least 8 characters.
entry-login = Username or e-mail address
entry-forgot = Forgot your password?
entry-sign-up = Sign up
entry-email = E-mail address
entry-birth = Date of birth
entry-birth-says = You must be at least { $years } years old. The date is not kept.
entry-reason = Why do you want to join?
entry-reason-optional = Why do you want to join? (optional)
entry-reason-says = Somebody who looks after this server reads it and lets you in.
entry-rules = Rules
entry-agree = I agree to behave as a guest here
entry-agree-rules = I agree to these rules
entry-instead = Sign in instead
entry-confirm = Confirm your address
entry-confirm-says = Is { $address } yours?
entry-confirm-do = Yes, confirm it
entry-stale = This link does not hold any more
entry-stale-says = It was used already, it is too old, or a newer one was sent.
entry-choose = Choose a new password
entry-letter = You get a letter with a link, at the address you signed up with.
entry-letter-do = Send me a link
entry-no-mail = This server sends no mail. Without a recovery sheet, ask whoever runs it for a new password.
entry-new-password = New password
entry-all-again = Every browser and app has to sign in again, and a recovery sheet made before counts no more.
entry-set = Set password
entry-change = Change your password
entry-current = Current password
entry-others-again = Every other browser and every app has to sign in again, and a recovery sheet made before counts no more.
entry-change-do = Change password
entry-mail = Look into your mail
entry-mail-says = A letter with a link is on its way to you. Open it to confirm your address.
entry-waiting = Somebody will let you in
entry-waiting-says = Somebody who looks after this server reads what you wrote. You can sign in once they have let you in.
entry-come-in = You can sign in now, here or with any Mastodon app.
entry-confirmed = Your address is confirmed
entry-reset-says = If somebody here has this address, a letter with a link is on its way to it. It holds for six hours.
entry-holds = Your new password holds
entry-front = Front page
entry-done = Done

## Invites
entry-uninvited = This invite does not hold any more
entry-uninvited-says = Its time is over, it was used up, or it was taken back. Ask whoever gave it to you for another.
entry-uninvited-open = Sign up without it
entry-about = What this server is
entry-invited = { $name } invites you to { $domain }.

## Ways in without mail
entry-email-changed = Your address is changed
entry-email-changed-says = Letters go there from now on.

## Topics, and servers to stay away from
people-topics = What do you like?
people-topics-hint = You follow these hashtags, and what is posted under them stands at home. Posts of other servers come only once somebody here follows somebody who writes them, or through a relay: on a new server that takes a while.
people-topics-offered = introduction photography art music books film science history nature gardening cats cooking cycling games opensource technology
people-topics-more = Other hashtags
people-blocks = Stay away from which servers?
people-blocks-says = No list comes with this program: bring one from people you trust. You see numbers before anything is blocked.
people-blocks-none = From none
people-blocks-none-hint = You can block servers later, one by one or by a list.
people-blocks-light = Light
people-blocks-light-hint = Only what the list suspends: nothing comes from there, nothing goes there.
people-blocks-careful = Careful
people-blocks-careful-hint = All of the list, as it says: some are suspended, some are only seen by who follows somebody there.
people-blocks-file = A file
people-blocks-file-hint = A table as Mastodon, Oliphant, Fediseer or IFTAS write it, or a domain a line; at most { $count } servers.
people-blocks-server = Or a server whose list it is to be
people-blocks-server-hint = Many servers tell everybody which others they block.
blocks-reading-title = The list is on its way
blocks-reading = { $server } is asked which servers it blocks. This takes some seconds; nothing is blocked before you have seen the numbers.
blocks-failed = No list came
blocks-nothing-done = Nothing is blocked by it.
blocks-another = Bring another list
blocks-title = What the list would block
blocks-from = From { $source }.
blocks-how-much = How much of it?
blocks-servers = { $count ->
    [one] { $count } server
   *[other] { $count } servers
}
blocks-suspended = suspended
blocks-silenced = limited
blocks-refused = without pictures or reports
blocks-known = { $count ->
    [one] { $count } server of the list is blocked already, and stays as it is.
   *[other] { $count } servers of the list are blocked already, and stay as they are.
}
blocks-unread = { $count ->
    [one] { $count } line cannot be read, or hides the name of the server; it is left out.
   *[other] { $count } lines cannot be read, or hide the name of the server; they are left out.
}
blocks-waits = Whom you followed with your old account is still being asked, and could not be looked at here.
blocks-affected-none = Nobody whom you follow, or are about to follow, lives on one of them.
blocks-affected = { $count ->
    [one] On { $count } of them people live whom you follow or are about to follow
   *[other] On { $count } of them people live whom you follow or are about to follow
}
blocks-affected-hint = Tick what is to be left out.
blocks-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
blocks-cut = There are more of them than can be shown here.
blocks-undo = Whom you follow on a suspended server you follow no more. A block can be lifted at any time; follows do not come back by that.
blocks-do = Block these servers
blocks-not = Block nothing
notice-blocks-come = The servers of the list are blocked one after another.

## Applications that ask for access
authorize-title = Authorize an application
authorize-in = Let { $name } in?
authorize-asks = { $name } asks to act for you. You are signed in as { $handle }.
authorize-may = It may
authorize-do = Authorize
authorize-deny = Deny
authorize-not-you = Not you?
authorize-code-title = Authorization code
authorize-copy = Copy this code
authorize-copy-says = Paste it into the application. It holds for ten minutes and works once.
authorize-denied-title = Not authorized
authorize-denied = Nothing was authorized
authorize-denied-says = The application got no access. You may close this page.
scope-profile = See who you are: your name and picture
scope-read = Read everything you can read, private posts too
scope-write = Post, edit, delete and react in your name, and change your profile
scope-follow = Follow, mute and block people for you
scope-push = Send your notifications to this device
scope-read-accounts = See profiles, yours included
scope-read-blocks = See whom you block
scope-read-bookmarks = See your bookmarks
scope-read-collections = See your collections
scope-read-favourites = See your favourites
scope-read-filters = See your filters
scope-read-follows = See whom you follow
scope-read-lists = See your lists
scope-read-mutes = See whom you mute
scope-read-notifications = See your notifications
scope-read-search = Search for you
scope-read-statuses = Read all posts you can read, private ones too
scope-write-accounts = Change your profile
scope-write-blocks = Block and unblock people and servers
scope-write-bookmarks = Add and remove bookmarks
scope-write-collections = Change your collections
scope-write-conversations = Mute and delete conversations
scope-write-favourites = Favourite posts in your name
scope-write-filters = Change your filters
scope-write-follows = Follow and unfollow people for you
scope-write-lists = Change your lists
scope-write-media = Upload pictures and recordings
scope-write-mutes = Mute people and conversations
scope-write-notifications = Clear your notifications
scope-write-reports = Report people in your name
scope-write-statuses = Post, edit and delete in your name
scope-admin-read = See everything that administrators see
scope-admin-write = Act as an administrator
scope-admin-accounts = Administrate accounts, with their e-mail and network addresses
scope-admin-reports = Administrate reports
scope-admin-allows = Administrate the list of allowed servers
scope-admin-blocks = Administrate the list of blocked servers
scope-admin-networks = Administrate blocked network addresses
scope-admin-addresses = Administrate blocked e-mail addresses
scope-admin-providers = Administrate blocked e-mail providers
scope-unknown = Do something this server has no words for

## What was found about a name
finding-name = { $a } leads to { $b }.
finding-name-inside = { $a } leads to { $b }, which nobody outside your house can reach.
finding-name-nowhere = { $a } leads nowhere yet ({ $b }): where you got the name, set its A record (and AAAA, if you have IPv6) to the address of this machine or of your router.
finding-name-silent = Nobody answered within five seconds where { $a } leads.
finding-port = Port { $a } is free.
finding-listen = Cannot listen on { $a }: { $b }.
finding-reached = { $a } is answered by this server.
finding-reached-other = { $a } is answered by another server (status { $b }): have the proxy pass everything on to this one, with the Host header as it came.
finding-reached-not = { $a } cannot be reached from here ({ $b }). Many routers do not lead home what comes from within: try { $c } with a phone that is not in your network.
finding-authority = The certificate authority cannot be reached: { $a }.
finding-authority-time = The certificate authority does not say what time it is.
finding-clock-off = The clock of this machine is { $a } seconds off: have it set by the network (NTP).
finding-clock = The clock is right.
finding-certificate = The certificate is here.

## What works here, a name later, an owner with a passkey

naming-here = What works here:
naming-here-own = Nothing else holds { $ports }, so this server can keep the certificate itself; your domain has to lead to this machine.
naming-here-inside = Nothing else holds { $ports }, so this server can keep the certificate itself; your router has to pass them on to this machine, { $inside }, and your domain has to lead to the router.
naming-here-not-allowed = Port { $port } is free, but this program may not take it: give it the right to, as docs/OPERATING.md says, and load this page again, or let a proxy keep the certificate.
naming-here-held = Port { $port } is held by another program, most likely a web server: let it keep the certificate and pass everything for your name on to { $address }, with the Host header as it came.
naming-here-proxied = A proxy passed this page on to you, so it can keep the certificate: have it pass everything for your name on to { $address }, with the Host header as it came.
naming-later-says = Once taken, the name stays. Posts and people go along, and everybody signs in anew under it.
naming-no-password = A passkey alone let you in so far. Choose a password first, with the code of your recovery sheet; then come back here.
naming-later-passkeys =
    { $count ->
        [one] Your passkey was made for the present name and will not work under the new one: you come in with your password.
       *[other] Your { $count } passkeys were made for the present name and will not work under the new one: you come in with your password.
    }
naming-settled = This server is called { $name }. That stays: its name was set when it was started, or other servers have heard of it.
first-passkey = Make this server mine, with a passkey instead of a password
first-passkey-says = You come in by this device or key then, and have no password. Write down the code above: with it you get back in, and choose a password, which acts that matter ask for.

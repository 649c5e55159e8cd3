
## Settings

settings-back = ‹ Settings
settings-you = You
settings-profile = Profile
settings-profile-hint = Name, bio, pictures, who may find and follow you
settings-posting = Posting
settings-posting-hint = Audience, language, who may reply and quote, unless you say otherwise
settings-reading = Appearance and reading
settings-reading-hint = Language of the pages, warnings, pictures
settings-tags = Hashtags
settings-tags-hint = Those you follow, those on your profile
settings-quiet = Peace and quiet
settings-filters = Filters
settings-filters-hint = Words you would rather not read
settings-blocks = Blocked people
settings-blocks-hint = They neither see nor reach you
settings-mutes = Muted people
settings-mutes-hint = You do not see them; they do not know
settings-domains = Blocked servers
settings-domains-hint = Nothing from there reaches you
settings-security = Security
settings-access = Browsers and apps
settings-access-hint = Where you are signed in, what you let in
settings-password = Password
settings-password-hint = Choose another; everything else is signed out
settings-data = Your data
settings-transfer = Import and export
settings-transfer-hint = Bring or take along follows, blocks, mutes, bookmarks, lists
settings-moving-here-hint = Name the account you come from
settings-moving-away-hint = Take your followers to another account
settings-delete = Delete your account
settings-delete-hint = With everything in it, for good
settings-email = Letters go to { $address }.
settings-your-password = Your password

## Settings: profile

profile-name = Name
profile-bio = About you
profile-bio-hint = Links, mentions and hashtags work here.
profile-fields = Extra fields
profile-fields-hint = Your home page, your pronouns, whatever you like. A page that links back here with rel="me" is marked as checked.
profile-field-name = Name of field { $count }
profile-field-value = Content of field { $count }
profile-avatar = Picture
profile-header = Wide picture
profile-picture = Choose a picture
profile-another-picture = Choose another picture
profile-who-sees = Who sees what
profile-is-locked = I look at requests to follow first
profile-is-locked-hint = Otherwise whoever likes follows you at once.
profile-is-discoverable = I may be suggested to others
profile-is-discoverable-hint = In the directory, in suggestions and among what is busy.
profile-is-indexable = My public posts may be found by search
profile-is-indexable-hint = Otherwise only those find them who had something to do with them.
profile-hides = Hide whom I follow and who follows me
profile-shows-media = My profile has a tab with pictures
profile-shows-replies = That tab has replies, too
profile-shows-featured = My profile has a tab with what I recommend
profile-is-bot = This account is a program
profile-is-bot-hint = It posts mostly by itself.
profile-domains = Websites that may name you as author
profile-domains-hint = One a line. Only these may show your name beside what they publish.

## Settings: posting and reading

posting-language = Language you write in
posting-repliers-hint = For public and quiet posts. Whoever you name may always reply.
posting-repliers-other = As an app has set it
posting-likes = Let servers without reactions show mine as a favourite
posting-likes-hint = Mastodon and others know no emoji reactions and drop them. Sent like this, a reaction counts there as a favourite, whatever the emoji means; servers that know reactions show it as it is.
reading-language = Language of the pages
reading-media = Pictures
reading-media-default = Show all but sensitive ones
reading-media-all = Show all of them
reading-media-none = Hide all until I open them
media-folded =
    { $count ->
        [one] { $count } attachment
       *[other] { $count } attachments
    }
reading-spoilers = Open posts with a warning at once
reading-apps-hint = Apps follow this too, if they ask.

## Settings: browsers and apps

access-browsers = Browsers that are signed in
access-applications = Apps you let in
access-none = No app has access.
access-unnamed = A browser that does not say its name
access-unknown = An app that is not known any more
access-since = signed in { $time }
access-own = this one
access-given = let in { $time }
access-may = What it may do
access-end = Take access away
access-end-others = Sign out all other browsers
notice-signed-out = Signed out there.
notice-access-ended = It has no access any more.

## Two-factor authentication

settings-second-factor = Two-factor authentication
settings-second-factor-hint = A code of your phone beside the password
second-factor-says = Signing in then asks for your password and for a code that a program on your phone makes. Whoever finds out your password alone does not get in.
second-factor-program = 1. Your program
second-factor-scan = Let a program that makes such codes (Aegis, 2FAS, a password manager) read this square.
second-factor-square = Square code with the secret, for a camera
second-factor-secret = Or type in this secret:
second-factor-open = Open it in a program on this device
second-factor-codes = 2. Spare codes
second-factor-codes-say = Each of these codes lets you in once, should your phone be lost. Print this page or write them down: they are shown only here.
second-factor-confirm = 3. Confirm
second-factor-code = Code that your program shows now
second-factor-ends = Every other browser and every app has to sign in again.
second-factor-turn-on = Turn on
second-factor-since = Turned on { $time }.
second-factor-codes-left =
    { $count ->
        [0] No spare code is left.
        [one] { $count } spare code is left.
       *[other] { $count } spare codes are left.
    }
second-factor-new-codes = New spare codes
second-factor-codes-replace = Once you go on, these codes count and all former ones do not.
second-factor-codes-kept = I have them: let these count
second-factor-off = Do without it
second-factor-turn-off = Turn off
second-step = One more step
second-step-code = Code
second-step-note = The six digits your program shows, or one of your spare codes.
second-step-wrong = This code is wrong, too old, or was used before.
second-step-again = Sign in as somebody else
notice-second-factor-on = Two-factor authentication is on.
notice-second-factor-off = Two-factor authentication is off.
notice-second-factor-codes = The new spare codes count now.

## Recovery sheet

settings-recovery = Recovery sheet
settings-recovery-hint = A code on paper, should you forget your password
recovery-sheet = Your recovery sheet
recovery-says = Should you forget your password, this code lets you choose another, without any mail. Print this page or write the code down, and keep it where only you find it: it is shown only here. It counts once, and no more after any other change of the password.
recovery-account = Account
recovery-where = Where the code is typed
recovery-made = You have a sheet, made { $time }. Below is a new one, which takes its place once you say that you have it.
recovery-none = You have no recovery sheet. Below is a new one, which counts once you say that you have it.
recovery-print = Print this page now, or copy the code by hand.
recovery-keep = I have it: let it count
recovery-use = Choose a password by your recovery sheet
recovery-login = Username or e-mail address
recovery-code = Code on your recovery sheet
recovery-password = New password
recovery-password-note = At least 8 characters. Every browser and app has to sign in again, and the sheet is used up.
recovery-set = Set password
recovery-wrong = This name and code do not belong together, or the code was used already.
notice-recovery = The new recovery sheet counts now.

## Settings: e-mail address

settings-email-change = E-mail address
settings-email-change-hint = Where letters go
email-none = You have no e-mail address here.
email-wanted = A letter is on its way to { $address }; open the link in it.
email-new = New address
email-note = A letter with a link goes there. Until it was opened nothing changes.
email-note-at-once = This server sends no letters, so it is changed at once.
email-change = Change address
email-confirm-says = Letters go to { $address } from now on.
email-confirm = Confirm
notice-email-asked = Look into your mail: a letter with a link is on its way.
notice-email-changed = The address is changed.
access-used = last used { $time }

## Passkeys

settings-passkeys = Passkeys
settings-passkeys-hint = Sign in with a finger, a face or a key
passkeys-say = With a passkey you sign in by what unlocks your device or security key. Nobody can guess it or ask you for it on a page that only looks like this one. Your password goes on working.
passkeys-none = You have no passkeys yet.
passkeys-need-script = To add a passkey this page needs scripts and a browser that knows passkeys.
passkey-new = New passkey
passkey-name = What you call it
passkey-name-note = Your phone, say. Only you see it.
passkey-unnamed = A passkey without a name
passkey-added = added { $time }
passkey-add = Add a passkey
passkey-remove = Take away
passkey-enter = Sign in with a passkey
passkey-failed = Nothing came of it. You can try again.
passkey-wrong = This passkey is not known here, or it took too long.
notice-passkey-added = You can sign in with this passkey from now on.
notice-passkey-removed = The passkey lets nobody in any more.

## Settings: blocks, mutes, servers

people-handle = Handle
blocks-says = Blocked people cannot follow you, see what you post or reach you. Follows end both ways.
blocks-none = You block nobody.
blocks-tell = Tell the other server when I block somebody
blocks-tell-hint = Otherwise it hears only that follows end. A server that is told can hide your posts from whoever you block; some tell them that you did.
mutes-says = What muted people post does not reach you. Nobody tells them.
mutes-none = You mute nobody.
mutes-lasts = For how long
mutes-for-ever = Until I change it
mutes-notifications = Hide notifications, too
mutes-ends = until { $time }
lasts-30-days = 30 days
domains-says = Nothing from blocked servers reaches you, and your followers from there are removed.
domains-name = Name of the server
domains-block = Block
domains-none = You block no server.
people-nobody = Nobody is called { $name }.
people-silent = { $host } does not say who that is; perhaps later.

## Settings: filters

filters-says = Posts with these words are covered, or left out altogether. Your own never are.
filters-none = No filters yet.
filter-new = New filter
filter-one = Filter
filter-title = Name of the filter
filter-words = Words
filter-words-hint = Capitals do not matter. Empty a line to take its word away; save to get more lines.
filter-word = Word or phrase { $count }
filter-word-how = Where word { $count } counts
filter-whole = Whole words
filter-anywhere = Within words, too
filter-where = Where it counts
filter-home = Home and lists
filter-public = Public timelines
filter-thread = Conversations
filter-account = Profiles
filter-what = What happens
filter-warn = Cover it; its name is shown
filter-hide = Leave it out
filter-blur = Cover its pictures
filter-lasts = For how long
filter-keeps = As it is
filter-until = until { $time }
filter-try = Try it
filter-finds =
    { $count ->
        [one] It would find { $found } of the last { $count } post of your home.
       *[other] It would find { $found } of the last { $count } posts of your home.
    }
notice-filter-removed = The filter is gone.

## Settings: hashtags

tags-followed = Hashtags you follow
tags-followed-hint = Posts with them stand in your home.
tags-featured = Hashtags on your profile
tags-featured-hint = Visitors find your posts with them at a glance.
tags-name = Hashtag
tags-follow = Follow
tags-feature = Put it on my profile
tags-unfeature = Take it off
tags-suggested = You use these most:
tags-none = None yet.

## Settings: import and export

transfer-following = People you follow
transfer-out = Take along
transfer-out-hint = Tables (CSV) that Mastodon and most other servers read.
transfer-take = Download
transfer-in = Bring
transfer-what = What the file holds
transfer-file = File
transfer-file-hint =
    { $count ->
        [one] A table (CSV) as Mastodon writes it, at most { $count } row.
       *[other] A table (CSV) as Mastodon writes it, at most { $count } rows.
    }
transfer-mode = What becomes of what is there
transfer-merge = It stays; the file is added
transfer-overwrite = What is not in the file is removed
transfer-bring = Bring it
transfer-lately = Brought lately
transfer-look = Look
transfer-under-way = under way
transfer-over = done
transfer-progress = How far it has come
transfer-done =
    { $count ->
        [one] { $done } of { $count } row
       *[other] { $done } of { $count } rows
    }
transfer-taken =
    { $count ->
        [one] { $count } row was taken.
       *[other] { $count } rows were taken.
    }
transfer-refused =
    { $count ->
        [one] { $count } row was refused.
       *[other] { $count } rows were refused.
    }
transfer-removed =
    { $count ->
        [one] { $count } entry that was not in the file was removed.
       *[other] { $count } entries that were not in the file were removed.
    }
transfer-goes-on = It goes on by itself, also if you leave this page. Other servers are asked one after another; that takes a while.
transfer-again = Look again
transfer-refused-rows = Refused rows
transfer-no-file = Choose a file first.
refused-unreadable = That is no name or address.
refused-unknown = There is nobody, or nothing, of that name.
refused-silent = The other server did not answer. You can bring the file again later.
refused-not-allowed = It may not be done: a block, a bound, or an account that has moved.
notice-import-begun = The file is being read.

## Settings: deleting the account

leave-owner = You own this server. Make somebody else its owner before you leave it.
leave-says = Before you go on, read this:
leave-posts = Your profile, your posts, pictures, lists, follows and bookmarks are deleted here.
leave-everywhere = Every server that knows you is asked to delete them too; whether it does is up to it.
leave-name = Nobody gets the name { $name } again, not even you.
leave-for-good = This cannot be undone.
leave-before = First you may want to:
leave-do = Delete my account for good
leave-wrong-password = This is not your password.

## Settings: moving

moving-here = Moving here from another account
moving-here-title = Moving here
moving-here-says = Name the account that you want to leave. Then start the move over there: its followers will be asked to follow this account.
moving-remove = Remove
moving-left = The account you leave
moving-name = Name it
moving-away = Moving away from here
moving-away-title = Moving away
moving-to = Moving to another account
moving-moved = You have moved to { $name }. This account cannot post, share or follow any more; what it posted stays.
moving-back-says = If you take the move back, this account acts again. Followers who went do not come back by themselves.
moving-back = Take the move back
moving-read = Before you go on, read this:
moving-followers = Your followers ({ $count }) will follow the new account instead. This cannot be undone.
moving-stops = This account will not be able to post, share, favourite, vote or follow; its page will point to the new one.
moving-posts = Your posts stay here. They do not move.
moving-alias = The new account must have named this one as its alias before.
moving-new = The new account
moving-password = Your password here
moving-do = Move my followers
moving-wait =
    You moved lately. You can move again in { $count ->
        [one] { $count } day
       *[other] { $count } days
    }.
moving-again =
    You cannot move again for { $count ->
        [one] { $count } day
       *[other] { $count } days
    }.

## Settings: invites

settings-others = Other people
settings-invites = Invites
settings-invites-hint = Let somebody in whom you know
invites-says = Whoever opens an invite's link may sign up here, also while nobody else may or others must wait to be let in. You answer for whom you invite.
invites-may-not = On this server it is not for you to make invites.
invites-uses = How many people may come
invites-people =
    { $count ->
        [one] { $count } person
       *[other] { $count } people
    }
invites-any-number = As many as like
invites-lasts = How long it holds
invites-for-ever = Until I take it back
lasts-30-minutes = 30 minutes
invites-autofollow = Whoever comes follows me
invites-comment = What it is for
invites-comment-hint = Only you read this.
invites-make = Make an invite
invites-came =
    { $count ->
        [one] { $count } person came
       *[other] { $count } people came
    }
invites-came-of =
    { $count ->
        [one] { $count } of { $most } came
       *[other] { $count } of { $most } came
    }
invites-until = until { $time }
invites-over = holds no more
invites-autofollows = they follow you
invites-revoke = Take back
notice-invite-made = The invite is made: give its link away.
notice-invite-revoked = Nobody comes by it any more.

## Settings: automatic deletion

settings-cleanup = Automatic deletion
settings-cleanup-hint = Old posts of yours go by themselves
cleanup-says = Posts of yours that are older than you say are deleted here and at every server that has them, a few a minute, the oldest first. This cannot be undone.
cleanup-enabled = Delete my old posts
cleanup-enabled-hint = It begins as soon as you save.
cleanup-age = Older than
cleanup-1-week = 1 week
cleanup-2-weeks = 2 weeks
cleanup-1-month = 1 month
cleanup-2-months = 2 months
cleanup-3-months = 3 months
cleanup-6-months = 6 months
cleanup-1-year = 1 year
cleanup-2-years = 2 years
cleanup-stays = What stays
cleanup-keep-direct = Posts to single people
cleanup-keep-pinned = Pinned posts
cleanup-keep-polls = Polls
cleanup-keep-media = Posts with pictures
cleanup-keep-favourited = Posts that I favourited myself
cleanup-keep-bookmarked = Posts that I bookmarked myself
cleanup-min-favourites = Posts with at least so many favourites
cleanup-min-reblogs = Posts boosted at least so often
cleanup-no-matter = no matter
cleanup-count = Count only
cleanup-would =
    { $count ->
        [0] No post would go now.
        [one] { $count } post would go now.
       *[other] { $count } posts would go now.
    }
cleanup-would-more =
    { $count ->
        [one] At least { $count } post would go now.
       *[other] At least { $count } posts would go now.
    }
cleanup-gone =
    { $count ->
        [one] { $count } post has gone by itself so far.
       *[other] { $count } posts have gone by themselves so far.
    }
cleanup-under-way = More are going just now.
cleanup-passed = Everything was looked through { $time }.
cleanup-take-along = You may want to take things along first:

## Decisions about an account, and appeals

settings-strikes = Decisions about your account
settings-strikes-hint = What those who look after this server decided, and how to appeal
settings-staff = Looking after this server
settings-appeals = Appeals
told-warning = Those who look after this server have decided something about your account
told-warning-read = What and why
strikes-kept-out = You cannot use your account at present. Here you can read why, and appeal.
strikes-none = Nobody has decided anything about your account.
strikes-back = ‹ All decisions
strike-title = A decision about your account
strike-none = You were warned
strike-disable = You may not sign in
strike-sensitive = Your pictures are hidden at first
strike-silence = Only your followers meet you
strike-suspend = Your account is suspended
strike-holds = It holds until it is taken back.
strike-over = It holds no more.
strike-only-said = Nothing else follows from it.
strike-overruled = Taken back after an appeal.
strike-overruled-at = Taken back after an appeal { $time }.
strike-rules = The rules it is about
strike-posts = The posts it is about
strike-post-gone = deleted since
appeal-yours = Your appeal
appeal-title = Appeal
appeal-says = If you think this is wrong, say why: once, until { $time }. Somebody who looks after this server reads it and decides; you are told.
appeal-text = Why it is wrong
appeal-send = Send the appeal
appeal-too-late = The time to appeal against this is over.
appeal-pending = The appeal waits for a decision.
appeal-approved = The appeal was granted.
appeal-rejected = The appeal was refused.
appeal-grant = Grant: take the decision back
appeal-refuse = Refuse: it stays
appeals-says = People say here why a decision about them is wrong. To grant an appeal takes the decision back.
appeals-none = No appeal waits.
appeals-waiting =
    { $count ->
        [0] None waits
        [one] { $count } waits for a decision
       *[other] { $count } wait for a decision
    }
notice-appeal-granted = Granted: the decision is taken back.
notice-appeal-refused = Refused: the decision stays.

## Settings: notifications

settings-notifications = Notifications
settings-notifications-hint = Whose come, whose are kept aside
notify-says = What is kept aside waits until you let its sender in; what is dropped is gone.
notify-accept = Let them come
notify-filter = Keep them aside
notify-drop = Drop them
notify-not-following = By people you do not follow
notify-not-following-hint = Until you let them in
notify-not-followers = By people who do not follow you
notify-not-followers-hint = Also by those who have followed you for less than three days
notify-new-accounts = By new accounts
notify-new-accounts-hint = Made within the last 30 days
notify-private = Private mentions out of the blue
notify-private-hint = Unless they answer you or you follow who writes
notify-limited = By accounts that moderators limited
notify-limited-hint = Here, by those who look after this server
notify-bots = By programs
notify-bots-hint = Accounts that say so of themselves
notify-waiting =
    { $count ->
        [0] Nobody waits
        [one] { $count } person waits
       *[other] { $count } people wait
    }
notify-mail = Letters
notify-mail-says = Letters go to { $address }: to confirm it, for a new password, and when something is decided about your account. What happens day by day is not sent by mail.
notify-no-mail = This server sends no letters to you.

## The first run: people

people-title = People
people-step-says = Some more questions. You can leave all of them for later.
people-follow = Whom do you know?
people-old-account = An account that you had before
people-old-account-hint = Whoever it follows in public you follow here, too.
people-file = Or a table of whom you followed
people-try-out = This is a try-out without a name of its own: it cannot reach other servers. Bring people once it has one.
people-who-comes = Who may come here?
people-closed = Nobody
people-closed-hint = Nobody signs up, and nobody makes invites.
people-invite = Whoever is invited
people-invite-hint = Sign-ups are closed but for those who have an invite.
people-approve = Whoever you let in
people-approve-hint = Everybody may ask; invites open the door at once.
people-open = Everybody
people-open-hint = With rules of your own, and time to look after the place.
people-go-on = Go on
people-later = Later
transfer-from-account = From another account
transfer-ask = Read whom it follows
transfer-asking = The server of { $name } is asked whom it follows. Look again in a while.
transfer-asked = { $name }: whom it follows is brought.
transfer-asked-in-vain = { $name }: { $why }
transfer-cut = There may be more than could be read: bring the table from there for the rest.
notice-people-come = They are looked for; you follow them one after another.

## Naming later, data, reports, colours, marks

notice-filters-brought = The filters are there.
transfer-tags = Hashtags you follow
settings-stored = What is stored about you
settings-stored-hint = How much there is of what, and an archive of it
data-stored = What there is
data-see = See
data-posts = Posts
data-following = People you follow
data-followers = People who follow you
data-drafts = Drafts
data-scheduled = Posts for later
data-notes = Notes about people
data-sessions = Browsers that are signed in
data-applications = Apps with access
data-imports = Files you brought
data-pictures = Pictures
data-pictures-says =
    { $count ->
        [one] { $pictures }, { $size }, in your last post
       *[other] { $pictures }, { $size }, in your last { $count } posts
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
data-about = Addresses
data-no-email = No e-mail address is stored.
data-address = Your account was made from the network address { $address }. It is kept as long as the account, and seen by those who look after this server.
data-no-address = From which network address your account was made is not stored.
data-no-other-address = No other network address of yours is stored: neither with your sessions nor in the log. Addresses are counted in memory against floods of requests, and forgotten when the server stops.
archive-title = An archive to take along
archive-says =
    { $count ->
        [one] Everything you wrote, like and keep, with your pictures, as one file in the form of Mastodon’s archives. You can ask for it once a week, and take it for one day.
       *[other] Everything you wrote, like and keep, with your pictures, as one file in the form of Mastodon’s archives. You can ask for it once a week, and take it for { $count } days.
    }
archive-ask = Ask for an archive
archive-asked = Asked for { $time }
archive-writing = It is being written. You may close this page.
archive-progress = How far it is
archive-take = Take the archive
archive-until = It can be taken until { $time }.
archive-gone = That one is gone; you may ask for another.
archive-failed = It could not be written, or had to make room. Please ask again later.
archive-too-large = It would have been larger than an archive may be here. Whoever runs the server can help.
notice-archive-begun = The archive is being written.
settings-reports = Your reports
settings-reports-hint = What became of what you reported
reports-say = Those who look after this server read each report. What exactly was decided about somebody is between them.
reports-none = You have reported nobody.
reports-among =
    { $count ->
        [one] Looked for in the last report of this server.
       *[other] Looked for among the last { $count } reports of this server.
    }
reports-gone = Somebody who is gone
reports-posts =
    { $count ->
        [one] { $count } post
       *[other] { $count } posts
    }
reports-forwarded = their own server was told, too
reports-open = It waits to be looked at.
reports-closed = It was looked at and closed.
reports-acted = It was looked at, and something was done.
reports-since = It was looked at, and since then something was done about this account.
report-rules-without = You ticked rules, but chose something else. Choose that it breaks rules of this server, or untick them.
reading-theme = Colours
theme-system = As the system says
theme-light = Light
theme-dark = Dark
theme-contrast = Much contrast
push-test = Send a test
notice-push-test = A test is on its way to this browser.
document-versions = All versions
marks-edit = Tick several
marks-title = { $list }: tick several
marks-which = Which ones?
marks-remove = Take these off the list
notice-marks-removed = Taken off the list.

## Emoji of this server's own

settings-emoji = Emoji
settings-emoji-hint = Small pictures that people here write by their names
emoji-says = People here write an emoji by its name between colons, and react with it. Other servers show its picture, too.
emoji-add-title = Add an emoji
emoji-picture = Picture
emoji-picture-hint = PNG, GIF, WebP or JPEG, at most { $size } KiB. A large one is made smaller.
emoji-name = Name
emoji-name-hint = Letters a to z, digits and underscores, two at least. It stays as it is.
emoji-category = Heading
emoji-category-hint = Pickers show emoji below it; it may stay empty.
emoji-add = Add
emoji-bring-title = Bring one from another server
emoji-bring-says = One that stands in a profile or a post that is known here. Mind whose picture it is.
emoji-domain = Server
emoji-bring = Bring it here
emoji-on-post = Emoji on this post
emoji-on-post-none = This post has none of another server.
emoji-taken = There is one of this name here.
emoji-count =
    { $count ->
        [one] { $count } emoji
       *[other] { $count } emoji
    }
emoji-none = There is none yet.
emoji-first = From the beginning
emoji-further = More emoji
emoji-hidden = not in pickers
emoji-disabled = disabled
emoji-back = ‹ Emoji
emoji-made = Added { $time }
emoji-in-picker = Pickers show it
emoji-in-picker-hint = It can be written by its name in any case.
emoji-enabled = It may be used
emoji-enabled-hint = Otherwise its name stands where its picture stood.
emoji-remove = Remove
emoji-remove-title = Remove this emoji?
emoji-remove-says = Its picture goes, and its name stands wherever it was used here. Other servers may keep what they have.
notice-emoji-made = The emoji is added.
notice-emoji-removed = The emoji is removed.
act-bring-emoji = Bring its emoji here

## Looking after this server: relays

settings-relays = Relays
settings-relays-hint = Public posts of many servers, passed on to this one
relays-says = A relay passes on public posts of many servers. They stand in the timeline of all known servers and under their hashtags, and say through which relay they came; nobody is told of them, and they are no boosts.
relays-none = There are none.
relays-add-title = Ask a relay
relays-address = Address
relays-address-hint = Its inbox, which ends in /inbox, or its actor. An address with { "{tag}" } in it is one relay for each hashtag: those that people here follow are asked for.
relays-tags = Only with one of these hashtags
relays-tags-hint = Separated by commas; empty: all. Nothing, where the address is for hashtags.
relays-languages = Only in one of these languages
relays-languages-hint = Separated by commas; empty: all.
relays-per-hour = Posts asked for within an hour, at most
relays-add = Ask it
relays-asked = asked
relays-accepted = agreed
relays-refused = refused
relays-paused-since = paused { $time }
relays-only-tags = only { $tags }
relays-only-languages = only in { $languages }
relays-hour = { $count } of { $most } posts in this hour
relays-of-tags =
    { $count ->
        [one] Asked for { $count } hashtag that people here follow; at most { $most } together.
       *[other] Asked for { $count } hashtags that people here follow; at most { $most } together.
    }
relays-today =
    { $count ->
        [one] { $count } post today
       *[other] { $count } posts today
    }
relays-pause = Pause
relays-resume = Go on
relays-leave = Leave
notice-relay-asked = The relay is asked.
notice-relay-paused = Nothing is taken from this relay or given to it.
notice-relay-resumed = This relay passes on again.
notice-relay-left = The relay is left.

## Looking after people: who waits to be let in, and reports

settings-waiting = Who waits to be let in
waiting-count =
    { $count ->
        [0] Nobody waits
        [one] { $count } person waits
       *[other] { $count } people wait
    }
waiting-says = These people signed up. Until somebody lets them in nobody sees their account.
waiting-none = Nobody waits to be let in.
waiting-unconfirmed = the address is not confirmed yet
waiting-no-reason = Nothing was written about why.
waiting-let-in = Let in
waiting-turn-away = Turn away
turn-away-title = Turn this person away?
turn-away-says = Everything they sent is deleted; nobody can sign up under this name again. This cannot be undone.
told-sign-up-waits = Let in or turn away
notice-turned-away = Turned away.
settings-open-reports = Reports
open-reports-count =
    { $count ->
        [0] None is open
        [one] { $count } is open
       *[other] { $count } are open
    }
open-reports-open = Open
open-reports-closed = Closed
open-reports-none = There is no report.
open-reports-back = ‹ All reports
open-report-about = Report about { $handle }
open-report-by = Sent by { $name } { $time }
open-report-silenced = This account is limited.
open-report-suspended = This account is suspended.
open-report-assigned = { $name } looks after it.
open-report-resolved = Closed by { $name } { $time }.
open-report-work = Work on the report
open-report-assign = I look after it
open-report-unassign = I no longer look after it
open-report-resolve = Close the report
open-report-reopen = Open the report again
open-report-account = Act on the account
open-report-may-not = You may not act on this account.
open-report-silence = Limit the account
open-report-unsilence = Limit it no longer
open-report-suspend = Suspend the account
open-report-unsuspend = Suspend it no longer
silence-title = Limit { $handle }?
silence-says = Only followers meet what they write; others find it neither on public timelines nor in searches. The report is closed. It can be taken back.
suspend-title = Suspend { $handle }?
suspend-says = They are gone for everybody here at once, and somebody of this server cannot use the account any more. The report is closed. It can be taken back, but follows of somebody elsewhere have ended for good.
deed-why = Why (optional)
deed-why-hint = Somebody of this server reads this and may appeal. It stands in the audit log, too.
notice-report-resolved = The report is closed.
notice-report-reopened = The report is open again.
notice-taken-back = Taken back.
notice-silenced = The account is limited, and the report is closed.
notice-suspended = The account is suspended, and the report is closed.

# The words of the pages, in English: the catalogue that all others are held against.
# `$count` is a number; other variables are names, times or links.

## The frame of every page

skip-to-content = Skip to content
skip-to-navigation = Skip to navigation
lab-name = Lab.
lab-says = A place for trying things out: nothing here is real.
nav-server = This server
nav-main = Main
nav-about = About
nav-home = Home
nav-notifications = Notifications
nav-unread = unread
nav-compose = New post
nav-search = Search
nav-messages = Messages
nav-explore = Explore
nav-bookmarks = Bookmarks
nav-favourites = Favourites
nav-lists = Lists
nav-settings = Settings
nav-menu = Menu
sign-in = Sign in
sign-out = Sign out
sign-up = Sign up
footer-runs = { $domain } runs Dassie { $version }, free software.
about = About
privacy = Privacy
source-code = Source code
language = Language
language-hint = The words of these pages. What people write stays as they wrote it.
password = Password
moving = Moving
front-page = Front page
save = Save

## Times

january = January
february = February
march = March
april = April
may = May
june = June
july = July
august = August
september = September
october = October
november = November
december = December
date = { $day } { $month } { $year }
date-and-time = { $date }, { $time } { $zone }
just-now = now
minutes-ago = { $count } min
hours-ago = { $count } h
days-ago =
    { $count ->
        [one] { $count } d
       *[other] { $count } d
    }

## Numbers with their nouns

replies =
    { $count ->
        [one] { $count } reply
       *[other] { $count } replies
    }
noun-replies =
    { $count ->
        [one] reply
       *[other] replies
    }
noun-boosts =
    { $count ->
        [one] boost
       *[other] boosts
    }
noun-favourites =
    { $count ->
        [one] favourite
       *[other] favourites
    }
noun-people =
    { $count ->
        [one] person
       *[other] people
    }
noun-posts =
    { $count ->
        [one] post
       *[other] posts
    }
noun-servers =
    { $count ->
        [one] other server known
       *[other] other servers known
    }
noun-followers =
    { $count ->
        [one] follower
       *[other] followers
    }
noun-followed =
    { $count ->
        [one] followed
       *[other] followed
    }

## Posts

post-boosted-by = { $name } boosted
post-pinned = Pinned
post-answers = Answers { $name }
post-filtered = Filtered: { $name }
post-show = (show the post)
post-quoted = The quoted post
post-quote-hidden = A quoted post that cannot be shown.
post-quote-waits = A quoted post; its author has not agreed yet.
post-quote-unasked = Quotes a post; its author was not asked, or has not agreed.
post-edited = edited { $time }
audience-public = Everybody
audience-unlisted = Everybody, but quiet
audience-private = Followers
audience-direct = Only people named
audience-local = Only on this server
post-through = through { $relay }
post-through-former = through a relay
act-reply = Reply
act-boost = Boost
act-boosted = Boosted
act-favourite = Favourite
act-favourited = Favourited
act-bookmark = Bookmark
act-bookmarked = Bookmarked
act-more = More
act-quote = Quote
act-edit = Edit
act-pin = Pin to my profile
act-unpin = Unpin
act-mute-thread = Mute this conversation
act-unmute-thread = Unmute this conversation
act-open-original = Open at its own server
act-link = Link to this post
act-delete = Delete
act-mention = Mention the author
act-mute-author = Mute { $name }
act-block-author = Block { $name }
act-report = Report
newer-posts = Newer posts
older-posts = Older posts
pager = More posts

## Pictures and polls

media-sensitive =
    { $count ->
        [one] Sensitive: { $count } attachment
       *[other] Sensitive: { $count } attachments
    }
media-undescribed = Picture without a description
media-without-description = Without a description
media-opens-at = Opens at { $host }
media-picture = Picture
media-moving-picture = Moving picture
media-film = Film
media-sound = Sound
media-file = File
poll = Poll
poll-votes =
    { $count ->
        [one] { $count } vote
       *[other] { $count } votes
    }
poll-multiple = several answers allowed
poll-closed-on = closed on { $time }
poll-open-until = open until { $time }
poll-closed = closed
poll-own-vote = your vote
poll-choose-one = Choose one answer
poll-choose-several = Choose one or more answers
poll-vote = Vote

## Threads and tags

thread-title = { $name }: “{ $text }”
thread-heading = Post by { $name }
thread-replies = Replies
thread-more = More replies
thread-start = To the first replies
thread-unseen-parent = a post that is not shown here
thread-missing =
    { $count ->
        [one] As other servers say, { $count } more reply is not here.
       *[other] As other servers say, { $count } more replies are not here.
    }
tag-empty = No public post known here has this tag.

## The front page

front-lead = A small server for people, part of the fediverse: follow anybody here from any server you like.
front-unowned = This server has no owner yet.
front-unowned-hint = Whoever started it finds a link with a one-time code in its output; it holds for 30 minutes, and each start makes a new one.
front-more = Rules and more about this server
privacy-policy = Privacy policy
terms-of-service = Terms of service
front-said-here = Said here
front-empty = Nothing has been posted yet.
front-approval = Somebody who looks after this server reads what you write and lets you in.
front-closed = New people: ask whoever runs it; nobody can sign up on their own.
front-who-runs-it = Who runs it
front-write-to = Write to { $address }

## Profiles

profile-empty = No public posts here.
profile-empty-blocked = You block { $name }: their posts are not shown.
profile-moved = Has moved to { $handle }
profile-memorial = In memory of { $name }.
profile-since = Here since { $date }.
profile-since-there = On { $host } since { $date } at the latest.
profile-numbers-said = These numbers are what { $host } says.
profile-numbers-known = These numbers count only what is known here.
profile-numbers-mixed = Some of these numbers are what { $host } says, the others count only what is known here.
profile-number-said = as { $host } says
profile-number-known = known here
profile-follow-hint = To follow, put { $handle } into the search box of your own server or app.
profile-locked = Requests to follow are looked at first.
profile-bot = Automated
profile-group = Group
profile-verified = Checked on { $date }: that page links back here.
profile-edit = Edit profile
profile-requested-by = { $name } asks to follow you.
request-accept = Accept
request-decline = Decline
profile-follow = Follow
profile-request = Ask to follow
profile-unfollow = Unfollow
profile-unrequest = Take the request back
profile-unblock = Unblock
profile-mention = Mention
profile-message = Write privately
profile-follows-you = Follows you
profile-you-follow = You follow
profile-you-mute = You mute
profile-you-block = You block
profile-blocks-you = Blocks you
profile-domain-blocked = You block this server
profile-notify = Tell me of every post
profile-unnotify = Tell me no more of every post
profile-hide-boosts = Hide boosts
profile-show-boosts = Show boosts
profile-remove-follower = Remove from my followers
profile-mute = Mute
profile-unmute = Unmute
profile-block = Block
profile-note = Your note
profile-note-hint = Only you see it.
tabs-posts = Which posts
tab-posts = Posts
tab-posts-and-replies = Posts and replies
tab-media = Media

## Home

home-empty = Nothing here yet. Follow some people, and what they say stands here.
home-no-more = Nothing more this way.
home-mark-read = Mark all as read
home-read-line = You have read from here on

## What was just done

notice-boosted = Boosted.
notice-unboosted = No longer boosted.
notice-favourited = Added to your favourites.
notice-unfavourited = Taken from your favourites.
notice-bookmarked = Added to your bookmarks.
notice-unbookmarked = Taken from your bookmarks.
notice-thread-muted = You will hear no more of this conversation.
notice-thread-unmuted = You will hear of this conversation again.
notice-pinned = Pinned to your profile.
notice-unpinned = No longer pinned.
notice-followed = Done: you follow, or your request is on its way.
notice-unfollowed = You follow no more.
notice-saved = Saved.
notice-muted = Muted.
notice-unmuted = No longer muted.
notice-blocked = Blocked.
notice-unblocked = No longer blocked.
notice-request-accepted = Accepted: they follow you now.
notice-request-declined = Declined.
notice-follower-removed = They follow you no more.
notice-voted = Your vote counts.
notice-read = Marked as read.

## What did not work

failure-invalid = That did not work
failure-invalid-says = Something in what was sent is not right. Nothing was changed.
failure-unauthorized = Please sign in
failure-unauthorized-says = This page is for people who are signed in.
failure-forbidden = Not allowed
failure-forbidden-says = You may not do this, or your form was too old. Nothing was changed.
failure-not-found = Nothing here
failure-not-found-says = There is no such page, or it is not for everybody to see. The address may be mistyped.
failure-method = Not in this way
failure-method-says = This address cannot be used like that.
failure-conflict = Something else was faster
failure-conflict-says = The same thing was changed at the same moment. Please try again.
failure-gone = It was here once
failure-gone-says = What stood here was deleted by whoever wrote it.
failure-too-large = Too large
failure-too-large-says = What was sent is larger than this server takes. Nothing was changed.
failure-misdirected = Another server
failure-misdirected-says = This server does not answer for that name.
failure-too-many = A moment, please
failure-too-many-says = Too many requests came from you in a short time. Nothing is lost.
failure-unavailable = Not right now
failure-unavailable-says = The server cannot do this at the moment. What is stored is safe.
failure-defect = Something went wrong
failure-defect-says = The fault is on our side, and it is in the log. What is stored is safe.
failure-other = Not possible
failure-other-says = The server could not do what was asked.
failure-retry-seconds =
    { $count ->
        [one] Please try again in a second.
       *[other] Please try again in { $count } seconds.
    }
failure-retry-minutes =
    { $count ->
        [one] Please try again in a minute.
       *[other] Please try again in { $count } minutes.
    }
failure-kept = Your text is kept here
failure-request = Request

## Writing

compose-edit = Edit post
compose-drafts =
    { $count ->
        [one] { $count } draft
       *[other] { $count } drafts
    }
compose-answers = You answer { $name }
compose-quotes = You quote { $name }
compose-text = What do you want to say?
compose-chars =
    { $count ->
        [one] At most { $count } character.
       *[other] At most { $count } characters.
    }
compose-warning = Warning (optional)
compose-warning-hint = It is shown in place of the text until somebody opens it.
compose-picture = Picture
compose-another-picture = Another picture
compose-attach = Add it
compose-picture-waits = This picture is still being prepared. It will be there in a moment.
compose-description = Describe it for those who cannot see it
compose-description-hint = Say what matters: who or what, where, and any words on it.
compose-focus = What to keep in view
compose-focus-label = Where it is
focus-middle = in the middle
focus-top = at the top
focus-bottom = at the bottom
focus-left = at the left
focus-right = at the right
focus-top-left = at the top left
focus-top-right = at the top right
focus-bottom-left = at the bottom left
focus-bottom-right = at the bottom right
compose-remove-picture = Take this picture away
compose-options = Answers to choose from
compose-option = Answer { $count }
compose-lasts = Open for
lasts-5-minutes = 5 minutes
lasts-1-hour = 1 hour
lasts-6-hours = 6 hours
lasts-1-day = 1 day
lasts-3-days = 3 days
lasts-7-days = 7 days
compose-multiple = Several answers may be chosen
compose-hide-totals = Show votes only at the end
compose-visibility = Who may see it
compose-public = Everybody
compose-unlisted = Everybody, but quiet: not in public timelines
compose-private = Followers
compose-direct = Only people named
compose-local = Only on this server
compose-further = Language, replies, quotes, time
compose-sensitive = Hide pictures at first
compose-language-unsaid = not said
compose-may-reply = Who may reply
compose-reply-everybody = Whoever sees it
compose-reply-followers = Followers
compose-reply-following = People you follow
compose-reply-mentioned = Only people named
compose-may-quote = Who may quote it
compose-quote-everybody = Everybody
compose-quote-followers = Followers
compose-quote-nobody = Nobody
compose-when = Post it later (optional)
compose-when-hint = The time is that of { $zone }; at least five minutes from now.
compose-post = Post
compose-schedule = Schedule
compose-save = Save changes
compose-preview = Preview
compose-keep = Keep as draft
compose-more = Picture, poll, more
compose-about-gone = What this post is about is gone, or you may not see it. Your text is kept.
compose-not-stored = The server cannot store posts right now. Your text is kept in this form; reading still works.
reach-public =
    { $count ->
        [one] Your { $count } follower gets it, and everybody can find it.
       *[other] Your { $count } followers get it, and everybody can find it.
    }
reach-unlisted =
    { $count ->
        [one] Your { $count } follower gets it; everybody who comes by can read it.
       *[other] Your { $count } followers get it; everybody who comes by can read it.
    }
reach-private =
    { $count ->
        [one] Your { $count } follower and the people named get it, nobody else.
       *[other] Your { $count } followers and the people named get it, nobody else.
    }
reach-direct = Only the people you name get it. Whoever runs their servers could read it.
reach-local = Only people on this server see it; it goes to no other server.
drafts = Drafts
drafts-empty = No drafts. What you keep while writing stands here; pictures of a draft are kept for a day.
drafts-open = Go on writing
delete-title = Delete this post?
delete-says = It goes here and is asked to go everywhere it was sent. This cannot be undone.
delete-redraft = Delete and write anew
cancel = Cancel
notice-posted = Posted.
notice-scheduled = It will be posted at that time.
notice-edited = Changes saved.
notice-deleted = Deleted.
notice-redraft = Deleted; what you wrote is kept as this draft.
notice-draft-kept = Kept as a draft.
notice-draft-removed = Thrown away.

## Notifications

tab-all = All
tab-mentions = Mentions
tab-requests = Requests
notifications-empty = Nothing has happened yet.
told-and-others =
    { $count ->
        [one] and { $count } other
       *[other] and { $count } others
    }
told-mention = { $name } mentioned you
told-status = { $name } posted
told-reblog = { $name } boosted your post
told-favourite = { $name } favourited your post
told-follow = { $name } follows you
told-follow-request = { $name } asks to follow you
told-poll = A poll has ended: { $name }
told-update = { $name } edited a post
told-quote = { $name } quoted you
told-quoted-update = { $name } edited a post you quoted
told-sign-up = { $name } signed up
told-report = { $name } sent a report
told-other = Something happened: { $name }
told-your-post = your post
follow-requests = Follow requests
follow-requests-empty = Nobody asks to follow you.
filtered-notifications = Kept aside
filtered-notifications-hint = Notifications by strangers wait here until you let them in.
filtered-empty = Nothing is kept aside.
filtered-count =
    { $count ->
        [one] { $count } notification
       *[other] { $count } notifications
    }
filtered-count-most =
    { $count ->
        [one] At least { $count } notification
       *[other] At least { $count } notifications
    }
filtered-accept = Let in
filtered-dismiss = Dismiss

## Messages

messages-new = New message
messages-hint = Only the people named can read these. They are not encrypted: whoever runs a server involved could read them.
messages-empty = No conversations yet.
messages-alone = A note to yourself
messages-open = Open
messages-remove = Take from the list

## Search

tab-people = People
tab-tags = Tags
search-label = Words, a name, a tag, or an address
search-hint = A pasted address of a post or profile opens it here.
search-kinds = What was found
search-nothing = Nothing was found.
search-more = More
search-unavailable = Search does not work right now; everything else does. Please try again later.
search-help = How to search for posts
search-whose = Found are your own posts, those you have had to do with, and public ones whose authors allow it.
search-phrase = exactly these words
search-without = without this word
search-from = written by them
search-to = an answer to them
search-has = with pictures, films or sounds; also poll, link
search-is = an answer; also sensitive
search-language = in this language
search-before = before this day; also after, during
search-in = only what you have had to do with; also public
search-sort = what fits best first; otherwise the newest

## Explore, tags, lists

explore-busy = Much used lately
explore-followed = Tags you follow
explore-people = People you might like
tag-uses =
    { $count ->
        [one] { $count } use
       *[other] { $count } uses
    }
followed-tags = Followed tags
followed-tags-empty = You follow no tags. Open one and press Follow: its posts then stand in your home.
bookmarks-empty = No bookmarks. Only you see what you bookmark.
favourites-empty = No favourites yet.
lists-empty = No lists yet. Put some people together and read them apart.
lists-create = Make a list
list-title = Name
list-replies = Which replies stand in it
list-replies-followed = to anybody I follow
list-replies-list = to people in the list
list-replies-none = none
list-exclusive = Leave its people out of home
list-members =
    { $count ->
        [one] { $count } person in it
       *[other] { $count } people in it
    }
list-members-hint = Add people you follow on their profiles, under More.
list-change = Change this list
list-delete = Delete this list
list-empty = Nothing from these people yet.
remove = Remove

## Reporting, blocking

report-title = Report { $handle }
report-who-reads = Whoever looks after this server reads it. The person you report is not told who sent it.
report-category = What is it about?
report-spam = It is spam
report-violation = It breaks rules of this server
report-legal = It is against the law
report-other = Something else
report-rules = Which rules?
report-posts = Which posts?
report-comment = What else should be known?
report-forward = Tell their own server, too, without my name
report-send = Send the report
block-title = Block this person?
block-says = You will not see each other’s posts, and neither can follow the other.
mute-title = Mute this person?
mute-says = Their posts no longer come to you, and you hear nothing of what they do. They are not told; you can end it on their profile.
remove-title = Remove this follower?
remove-says = They are not told, and may follow again.
notice-list-deleted = The list is gone.
notice-conversation-removed = Taken from the list.
notice-reported = Thank you. It will be looked at.
notice-let-in = Let in.
notice-kept-out = Dismissed.

## With scripts

home-new-posts = { $count } new posts
keys = Keys
key-next = next post
key-previous = previous post
key-open = open the post
key-unfold = show what a warning hides
key-fresh = show new posts
key-go = home; g n notifications, g m messages, g l lists

## About the server

about-title = About { $name }
rules = Rules
rules-none = No rules have been written down.
about-following = Following people here
about-following-says = Accounts here look like { $handle }. Put such a name into the search box of your own server or app, and follow from there.
about-source = The program and its source code
about-source-says = This server runs Dassie { $version }, free software under the GNU Affero General Public License, version 3 or later. Everybody who uses it over the network may have the source code of exactly this version; whoever runs the server gives it to you on request.
document-changed = Last changed on { $date }.
document-since = In force since { $date }.
document-from = In force from { $date } on.
document-next = Another version follows on { $date }.
people-followers = Who follows { $name }
people-following = Whom { $name } follows
people-empty = Nobody is shown here.
settings-moving-here = Moving here from another account
settings-moving-away = Moving to another account

## A try-out, and error pages

try-out-name = A try-out:
try-out-says = only this machine can reach this server.
try-out-way = Give it a name
settings-name = The name of this server
steps-name = Give your server a name
steps-name-why = Until then only this machine can reach it, and nobody elsewhere can follow you.
failure-again = Try again
failure-to-form = Back to the form

## Accessibility

accessibility = Accessibility
accessibility-says = Everybody should be able to read and write here, with whatever they use for it.
accessibility-looked-at = What is looked at with each change of the program
accessibility-standard = The aim is WCAG 2.2, level AA.
accessibility-audit = All pages are held against axe and an HTML validator, light, dark and from right to left.
accessibility-keyboard = A post with a picture and its description is written with the keyboard alone.
accessibility-narrow = Pages are read in windows 320 pixels wide, which is also a zoom of 400 %.
accessibility-contrast = Any accent colour is changed as far as needed until it can be read; more contrast is a choice of yours, and of your system.
accessibility-scripts = Everything works without scripts, and in browsers that show text alone.
accessibility-gaps = What is known not to be right
accessibility-gap-readers = No release has been gone through with a screen reader by somebody who depends on one; the programme for it is written down in docs/ACCESSIBILITY.md.
accessibility-gap-alt = Pictures that people on other servers post often have no description; nobody here can add one.
accessibility-gap-emoji = The names of emoji that are completed while writing are English.
accessibility-gap-words = German, Spanish and Arabic have been read by no native speaker yet.
accessibility-write = If something does not work for you
accessibility-write-to = Please write to { $address }, and say what you used and what happened.
accessibility-write-program = Please tell whoever runs this server what you used and what happened.

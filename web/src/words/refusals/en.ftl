## Refusals

why-text-long = The text has { $a } characters; at most { $b } may be posted.
why-post-large = The post is too large: { $a } bytes; at most { $b }.
why-mentions = The post mentions { $a } accounts; at most { $b } may be mentioned.
why-edits = The post has been edited { $a } times; more is not possible.
why-text-blank = Write something, or add a picture.
why-poll-and-pictures = A post has either a poll or pictures, not both.
why-poll-options = The poll has { $a } answers; it needs 2 at least and may have { $b }.
why-poll-option = An answer of the poll has { $a } characters; at least 1, at most { $b }.
why-poll-lasts = The poll lasts { $a } seconds; at least { $b }, at most { $c }.
why-poll-ended = The poll has ended already.
why-poll-voted = You have voted already.
why-poll-choose = Choose an answer first.
why-files = At most { $a } pictures can be attached.
why-medium = A picture is gone or stands in another post already; add it again.
why-file-blank = Choose a file first.
why-file-kind = Such files are not taken; these are: { $a }
why-picture = The picture cannot be read; it may be damaged.
why-picture-large = The picture has { $a } by { $b } pixels; at most { $c } together.
why-file-large = The file is too large: { $a } bytes; at most { $b }.
why-description-long = A description has { $a } characters; at most { $b }.
why-later-past = The time to post must be at least five minutes from now.
why-later-unread = The time to post cannot be read.
why-later-far = The time to post is more than { $a } days ahead.
why-later-many = At most { $a } posts can wait for one day.
why-drafts = You have { $a } drafts; at most { $b }. Delete one first.
why-pins = You have pinned as many posts as you can.
why-pin-boost = Boosts cannot be pinned.
why-author = The author of this post does not allow that.
why-has-moved = This account has moved; only the new one can do that.
why-share = This post may not be boosted.
why-not-allowed = That is not allowed.
why-follows = You follow { $a } accounts; more is not possible.
why-tags = You have { $a } tags there; more is not possible.
why-tag = That is no tag: letters, digits and underscores.
why-lists = You have { $a } lists; more is not possible.
why-title-blank = Give it a name.
why-title-long = The name has { $a } characters; at most { $b }.
why-filters = You have { $a } filters; more is not possible.
why-context = Choose where the filter works.
why-keyword-blank = A word of a filter must have a letter at least.
why-keyword-long = A word of the filter has { $a } characters; at most { $b }.
why-keywords = A filter has at most { $a } words, all filters together { $b }.
why-domains = You block { $a } servers; more is not possible.
why-domain = That is no name of a server.
why-fields = The profile has { $a } fields; at most { $b }.
why-name-taken = This username is taken.
why-name-letters = A username has only the letters a to z, digits and underscores.
why-agreement = Service agreement must be accepted: agree to the rules first.
why-reason-blank = Say why you want to join.
why-reason-long = The reason has more than { $a } characters.
why-name-longer = The username has more than { $a } characters.
why-address-provider = Addresses of this provider are not taken here.
why-password-blank = Choose a password.
why-password-shorter = The password has fewer than { $a } characters.
why-password-longer = The password has more than { $a } bytes.
why-birth = Give the date of your birth.
why-birth-young = You are too young for this server.
why-name-reserved = This username is reserved.
why-name-blank = Choose a username.
why-name-long = The username has { $a } characters; at most { $b }.
why-address-taken = This e-mail address is taken.
why-address = This is no e-mail address.
why-password-short = The password has { $a } characters; at least { $b }.
why-password-long = The password has { $a } bytes; at most { $b }.
why-sign-in = This name and password do not belong together.
why-suspended = This account is suspended.
why-disabled = Signing in is switched off for this account.
why-unconfirmed = The e-mail address is not confirmed yet.
why-unapproved = Nobody who looks after this server has let you in yet.
why-not-password = This is not your password.
why-nobody = Nobody is called { $a }.
why-silent = { $a } does not say who that is; perhaps later.
why-move = { $a } cannot move to { $b }.
why-move-moved = { $a } has moved itself.
why-move-alias = { $a } does not name { $b } as an alias.
why-move-lately = { $a } moved lately; again in { $b } days.
why-move-back = { $a } has not moved.
why-alias-self = { $a } is no alias of itself.
why-aliases = { $a } has { $b } aliases; at most { $c }.
why-long = One of the texts has { $b } characters; at most { $c }.

## Lists and topics
why-tag-named = { $a } is no hashtag.
why-topics = You choose { $a } hashtags; at most { $b } at first.
why-list-large = The list has { $a } bytes; at most { $b }.
why-list-long = The list names more than { $a } servers.
why-list-empty = The list names no server that can be read.
why-list-form = This is no list of servers; see its line { $a }.
why-list-none = Bring a list, or name a server whose list it is to be.
why-list-much = Say how much of the list is to be taken.
why-list-busy = The servers of another list are still being blocked.
why-list-server = { $a } is no name of a server.
why-list-hidden = { $a } does not show which servers it blocks.
why-list-self = { $a } is this server.
why-list-spared = You leave out { $a } servers; at most { $b }.

## Quiet hours

why-clock = { $a } is no time of the day; write it like { $b }.

## Filters from a file, archives

why-file-filters = The file has { $a } filters; at most { $b }.
why-file-no-filters = The file holds no filters that could be read.
why-file-moment = A filter in the file ends at a time that cannot be read.
why-archive-week = An archive can be asked for once a week.
why-archive-day = An archive of which nothing came can be asked for again after a day.
why-archive-room = Other archives take all the room there is for them; ask again in some days.
why-sign-in-first = Please sign in first.

## Emoji of this server's own

why-emoji-name = A name has { $a } to { $b } letters a to z, digits and underscores.
why-emoji-taken = There is an emoji of this name.
why-emoji-many = There are { $a } emoji; at most { $b }.
why-emoji-large = A moving emoji has at most { $c } pixels on each side; this one has { $a } by { $b }.
why-emoji-unknown = No emoji of that name is known here of that server.
why-emoji-away = Its server does not give the picture now.
why-relays = There are { $a } relays; more is not possible.
why-relay-address = That is no address of a relay: { $a }
why-relay-suspended = { $a } is suspended here.
why-relay-filters = { $a } hashtags or languages; at most { $b }.
why-relay-hour = { $a } posts within an hour; at least { $b } and at most { $c }.
why-relay-none = There is no relay { $a }.
why-relay-twice = { $a } has a relay for hashtags here already: { $b }
why-relay-tags = A relay for hashtags is asked for those that people here follow; leave the field for hashtags empty.
why-number = One of the numbers cannot be read.

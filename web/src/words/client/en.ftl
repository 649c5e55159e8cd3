
## Words that are not lost

kept-title = You are signed out
kept-says = Nothing was posted, and nothing is lost: what you wrote stands here. Sign in, which opens beside this page; then come back and go on.
kept-sign-in = Sign in
kept-go-on = Go on writing
compose-session-new = You have signed in anew since you began. Everything you wrote is here: look at it once more, and post.
read-only-name = Reading only.
read-only-says = This server cannot store anything right now. Reading and searching work; what you type stays in its form until it can be sent.
disk-slow-name = Slow right now.
disk-slow-says = The disk of this server is slow: posting takes longer than usual. Reading and searching work as always.
disk-stalled-name = Posting waits.
disk-stalled-says = The disk of this server does not answer right now. Reading and searching work; what you type stays in its form until it can be sent.
disk-full-name = The disk is full.
disk-full-says = Reading, searching and deleting work; posting works again when there is room. What you type stays in its form.

## Time zones

reading-zone = Time zone
reading-zone-told = As this browser says: { $zone }
reading-zone-untold = As the browser says (so far UTC)
reading-zone-hint = Times on pages are told in it, and times you type are meant in it.

## Threads

compose-split = A long text
compose-split-hint = Each part of a thread answers the one before; pictures and polls go with the first. The preview shows the parts.
compose-split-not = stays one post
compose-split-needed = becomes a thread, cut only where it is too long
compose-split-blank = becomes a thread, cut at every blank line
compose-thread-long =
    { $count ->
        [one] This makes more than { $count } part, which is as many as a thread may have.
       *[other] This makes more than { $count } parts, which is as many as a thread may have.
    }
compose-thread-later = A thread cannot be posted later; clear the time, or let it be one post.
compose-thread-stopped = Of { $parts } parts { $posted } are posted. What is left stands here and goes on behind them.
thread-part = Part { $part } of { $parts }
notice-thread-posted = Posted as a thread.

## With scripts: pictures, completion, keys

script-close = Close
script-previous = Previous
script-next = Next
script-picture = Picture
script-suggestions = suggestions
key-picture = Picture in full size
key-author = Profile of the author
reading-keys = Single keys move among posts and act on them
reading-keys-hint = j and k go from post to post, r replies; ? shows all. Without scripts there are none.

## Slow lines

media-load = Load picture
media-load-size = Load picture ({ $count } KB)
reading-light = Low bandwidth: pictures are links
reading-light-hint = Faces and previews of links are left out, too. A browser that asks to save data gets this by itself.

## Notifications in the browser

settings-push = Notifications in this browser
settings-push-hint = Also while no page is open
push-on = This browser shows notifications of your account, also while no page is open.
push-off = This browser shows no notifications of your account while no page is open.
push-needs = To begin, scripts must be allowed and the browser must know web push; nothing else on these pages needs them.
push-refused = The browser did not allow it, or its push service cannot be reached.
push-what = What you are told of
push-mention = Somebody mentions you
push-follow = Somebody follows you
push-follow-request = Somebody asks to follow you
push-favourite = Somebody favourites a post of yours
push-reblog = Somebody boosts a post of yours
push-quote = Somebody quotes you
push-poll = A poll has ended
push-status = Somebody you watch has posted
push-update = A post you boosted was edited
push-start = Show notifications
push-stop = Show them no more
push-hint = They come through the service of your browser's maker, sealed so that only this browser can read them. They end when you sign out here.
notice-push-off = This browser shows no more notifications.

## Shared by several

post-boosted-by-two = { $name } and { $other } boosted
post-boosted-by-more =
    { $count ->
        [one] { $name }, { $other } and { $count } other boosted
       *[other] { $name }, { $other } and { $count } others boosted
    }

## Away, and the first steps

away-title = Since you were away
away-says = There is more that you have not read than stands here.
away-since =
    { $count ->
        [one] { $count } post since { $time }.
       *[other] { $count } posts since { $time }.
    }
away-newest =
    { $count ->
        [one] The newest { $count } post.
       *[other] The newest { $count } posts.
    }
away-more = Older ones stand on the pages of home.
away-nothing = There is nothing you have not read.
away-answers = To you
away-all-answers = All mentions
away-links = What several people point to
away-people = Who wrote
away-posts =
    { $count ->
        [one] { $count } post
       *[other] { $count } posts
    }
away-pictures =
    { $count ->
        [one] { $count } picture
       *[other] { $count } pictures
    }
away-boosted = boosted { $name }
away-no-words = No words
away-whole = Read it all on home
steps-title = First steps for your server
steps-done = { $done } of { $count } are done.
steps-is-done = Done:
steps-backup = Say where backups go
steps-backup-why = Until then a broken disk takes everything with it. Set backup.to in the configuration.
steps-recovery = Print your recovery sheet
steps-recovery-why = With it you get back in without the password, even where no mail is sent.
steps-keyed = Protect your account
steps-keyed-why = Whoever has your password could do everything here. A passkey or a second factor stops them.
steps-second = Let somebody else be able to help
steps-second-why = If you are ill or on the road, nobody else can act: dassie user add NAME --role admin
steps-mail = Send mail
steps-mail-why = For passwords that were forgotten and for letters about sign-ups. Set mail.host and mail.from in the configuration.
steps-rules = Write down the rules
steps-rules-why = Reports and decisions refer to them: dassie instance rule add "Be kind."
steps-put-away = Do not show this again
notice-steps-away = Put away.

## Order in threads, and what is elsewhere

thread-order = Order of replies
thread-oldest = Oldest first
thread-followed = People you follow first
thread-at-origin = Read on at { $host }
thread-look-again = Look for new replies

## Descriptions of pictures, and who gets it

compose-undescribed = A picture has no description: people who cannot see it get nothing of it. Describe it, or post again to post it as it is.
compose-undescribed-refused = A picture has no description, and you chose not to post those. Nothing was posted; your text is kept.
compose-alone = Nobody is named: only you will see it. Name somebody with @, or post again to keep it as a note to yourself.
compose-alone-part = A part names nobody: only you will see that part. Name somebody with @ in each part, or post again to keep it so.
compose-camel = { $tag } is read aloud as one word. With a capital for each word, #LikeThis, everybody hears what it says.
reach-servers =
    { $count ->
        [one] They are also on { $count } other server.
       *[other] They are also on { $count } other servers.
    }
posting-undescribed = Pictures without a description
posting-undescribed-ask = ask me once before posting
posting-undescribed-post = post them
posting-undescribed-refuse = do not post them

## Quiet hours, and clearing notifications

notifications-clear = Remove all notifications
clear-title = Remove all notifications?
clear-says = Those you have now go, read or not. This cannot be undone; posts and followers stay.
notice-cleared = All notifications were removed.
quiet-title = Quiet hours
quiet-says = Between these times nothing wakes your devices; what happens stands among your notifications all the same. Times are those of { $zone }.
quiet-from = From
quiet-until = Until
quiet-end = No quiet hours

## Finding more

begin-title = Where more people are
begin-says = This server knows few people yet. It learns of more with everybody you follow.
begin-search = Search for somebody
begin-search-says = Type a whole handle like @name@example.org, or paste the address of a profile or post.
begin-import = Bring along whom you follow
begin-import-says = From a file of your old account, or by its name alone.
begin-tags = Follow tags
begin-tags-says = Open a tag in any post and follow it: what is posted with it comes to your home.
begin-profile = Say who you are
begin-profile-says = People follow back whom they recognise: a picture and two sentences do it.
tab-links = Links
narrow-says = Only:
narrow-library = what I have to do with
narrow-mine = mine
narrow-media = with pictures
narrow-replies = no replies

## Why nothing can be done now

failure-full = The disk of this server is full. Reading works, and deleting does; writing works again when there is room.
failure-busy = The disk of this server does not keep up with what is to be written.
failure-opening = The store is being opened again; this takes a moment.
failure-read-only = This server can read what it has, and cannot store anything. Whoever runs it has been told.
failure-store = The store of this server refused it.
failure-remote = Another server, which it needs for this, did not answer.

## Posts, threads, writing

media-description = Description
react = React with an emoji
reactions = Reactions
react-emoji = Emoji
react-hint = One emoji; or the :name: of one of this server, or of a picture that somebody put here already.
notice-reacted = Your reaction is there.
notice-unreacted = Your reaction is gone.
history-title = What this post was before
history-back = To the post
history-newest = As it is now, since { $time }
history-edited = As it was from { $time }
history-first = As it was posted, { $time }
scheduled = Scheduled posts
scheduled-empty = Nothing waits for its time.
scheduled-later = Later ones
scheduled-at = When it is posted
scheduled-move = Post it then
scheduled-draft = Back to the drafts
scheduled-cancel = Do not post it
notice-rescheduled = It will be posted at the new time.
notice-unscheduled = It will not be posted.
notice-unscheduled-draft = It is a draft again; it has no time any more.
asked-title = Waiting for your word
asked-hint = You chose to be asked before people reply to these posts, boost or favourite them. Until you allow it nobody else sees it.
asked-empty = Nothing waits for your word.
asked-reply = { $name } wants to reply
asked-boost = { $name } wants to boost your post
asked-favourite = { $name } wants to favourite your post
asked-allow = Allow
asked-refuse = Refuse
notice-allowed = Allowed.
notice-refused = Refused.
act-revoke-quote = Remove my post from this quote
revoke-title = Remove your post from this quote?
revoke-says = The other post stays and shows yours no more, here and on servers that hear of it. This cannot be undone.
notice-quote-revoked = Your post was removed from the quote.
people-boosted = Who boosted this post by { $name }
people-favourited = Who favourited this post by { $name }
compose-reply-ask = Ask me each time
compose-kind = How it is written
compose-kind-plain = As it is read
compose-kind-markdown = Markdown: *emphasis*, lists, quotes
compose-unkept = It is not among your drafts: { $why } Everything you typed stands here.
compose-pictures-hint =
    { $count ->
        [one] Several may be chosen at once, together at most { $count } MB.
       *[other] Several may be chosen at once, together at most { $count } MB.
    }
compose-language-guess = guess from the text
compose-language-guessed = The text looks like this language: { $language }
notice-begun = Everything is ready. Say hello.
thread-continue =
    { $count ->
        [one] Continue this thread ({ $count } reply)
       *[other] Continue this thread ({ $count } replies)
    }
thread-all-replies =
    { $count ->
        [one] { $count } reply in all
       *[other] { $count } replies in all
    }
thread-hidden =
    { $count ->
        [one] Your filters hide { $count } post of this thread.
       *[other] Your filters hide { $count } posts of this thread.
    }

## People, home, messages, search

tab-featured = Featured
featured-empty = Nothing is featured here.
featured-people = Recommended people
featured-sensitive = Not everybody wants to see this unasked. Show it
copy = Copy
copied = Copied
interact-follow = Follow from your server
interact-post = Answer or boost from your server
interact-label = Your handle, to follow from your own server
interact-label-post = Your handle, to answer or boost from your own server
interact-hint = Like @name@example.org. Your server is asked where you do this, and you go on there.
interact-go = Go on
interact-or-search = Or put this address into the search box of your own server:
interact-leads = On to { $host }
interact-no-handle = “{ $handle }” is no whole handle; one looks like @name@example.org.
interact-nobody = Nobody is called { $handle } there.
interact-no-way = The server of { $handle } does not say where its people do this. Put the address below into its search box.
interact-no-answer = The server of { $handle } gave no answer that can be used. Is it spelled right? Else try again later.
interact-not-found = What this address or handle means could not be found, or its server does not answer.
leaving-title = This is on another server
leaving-says = { $host } shows it itself. The link below was chosen there and leads away from here.
profile-block-server = Block the server { $host }
profile-unblock-server = Unblock the server { $host }
server-block-says = You see nothing of anybody there any more, and whoever follows you from there no longer does. Nobody is told.
server-unblock-says = You see again what people there say. Whoever followed you has to ask again.
notice-server-blocked = The server is blocked.
notice-server-unblocked = The server is not blocked any more.
mute-while = Mute for a while
mute-how-long = How long
mute-hour = An hour
mute-day = A day
mute-week = A week
mute-month = 30 days
mute-notifications = Their notifications, too
mute-until = until { $time }
messages-search = Search in your messages
messages-all = All conversations
messages-none-here = None of this conversation stands on this page.
messages-answer = Your answer, to everybody in this conversation
messages-send = Send
tabs-timelines = Timelines
tab-local = This server
tab-known = All known servers
tab-all-lists = More lists
tags-timeline = Tags you follow
tags-timeline-says = Public posts with one of the tags you follow.
local-timeline-says = Public posts of people here.
known-timeline-says = Public posts of everybody whom people here follow, and of people here.
timeline-empty = Nothing here yet.
home-read-since = You were here, { $time }
home-boosts-apart = Put boosts apart
home-boosts-among = Put boosts among the posts
relays-leave-out = Leave out what came by relays
relays-put-among = Show what came by relays, too
announcement = Announcement
announcement-until = Until { $time }
announcement-dismiss = I have read this
notice-announcement-dismissed = It is put away.
tab-moderation = Moderation
told-added = { $name } put you into a collection
told-collection = { $name } changed a collection you are in
blocked-servers = Blocked servers
blocked-servers-say = What whoever runs this server decided about others. Of a blocked one nothing comes here; of a limited one less, only for those who follow there.
blocked-servers-none = No server is blocked.
blocked-servers-more = More blocked servers
blocked-wholly = blocked
blocked-limited = limited
front-feed = Feed of these posts
rules-all = All rules
explore-newcomers = New people here
suggested-friends = Followed by people you follow
suggested-featured = Recommended by those who look after this server
suggested-popular = Followed by many, and posted lately
narrow-films = with films
search-scopes = Among:
search-all = all you may find
search-home = you and whom you follow
search-public = what everybody may find
search-orders = Order:
search-newest = newest first
search-best = best first
search-more-posts = More posts
search-no-answer = { $host } could not be reached, or has nothing there that can be shown here. Is it spelled right? Else try again later.
facet-month = Month:
facet-author = By:
saved-searches = Saved searches
saved-search-keep = Keep this search
saved-search-name = Its name
notice-search-saved = The search is kept.
notice-search-forgotten = The search is forgotten.
home-shelf =
    { $count ->
        [one] { $count } boosted post
       *[other] { $count } boosted posts
    }

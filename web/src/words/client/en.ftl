
## Words that are not lost

kept-title = You are signed out
kept-says = Nothing was posted, and nothing is lost: what you wrote stands here. Sign in, which opens beside this page; then come back and go on.
kept-sign-in = Sign in
kept-go-on = Go on writing
compose-session-new = You have signed in anew since you began. Everything you wrote is here: look at it once more, and post.
read-only-name = Reading only.
read-only-says = This server cannot store anything right now. Reading and searching work; what you type stays in its form until it can be sent.

## Time zones

reading-zone = Time zone
reading-zone-told = As this browser says: { $zone }
reading-zone-untold = As the browser says; it has said nothing yet, so UTC
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


## Words that are not lost

kept-title = You are signed out
kept-says = Nothing was posted, and nothing is lost: what you wrote stands here. Sign in, which opens beside this page; then come back and go on.
kept-sign-in = Sign in
kept-go-on = Go on writing
compose-session-new = You have signed in anew since you began. Everything you wrote is here: look at it once more, and post.
read-only-name = Reading only.
read-only-says = This server cannot store anything right now. Reading and searching work; what you type stays in its form until it can be sent.

"""A person's day through Mastodon.py against a running server.

Usage: day_of_mastodon_py.py ORIGIN NAME PASSWORD OTHER_NAME OTHER_PASSWORD

Ends with status 0 and one line for each thing done; anything unexpected is an exception.
"""

import html.parser
import http.cookiejar
import http.server
import struct
import sys
import threading
import time
import urllib.parse
import urllib.request
import zlib

from mastodon import Mastodon, MastodonNotFoundError, StreamListener

CALLBACK = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
PATIENCE = 30


def said(text):
    print("ok:", text, flush=True)


def until(what, condition):
    """The first true answer of `condition`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


class Forms(html.parser.HTMLParser):
    """The forms of a page: action and fields."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append((attrs.get("action", ""), {}))
        elif tag in ("input", "button") and attrs.get("name") and self.forms:
            self.forms[-1][1].setdefault(attrs["name"], attrs.get("value") or "")

    def of(self, action):
        return next(fields for known, fields in self.forms if known.split("?")[0] == action)


def sign_in(origin, name, password):
    """The way a browser goes: sign in, approve, copy the code."""
    client_id, secret = Mastodon.create_app("day", scopes=SCOPES, redirect_uris=CALLBACK, api_base_url=origin)
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=origin)
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    address = client.auth_request_url(scopes=SCOPES, redirect_uris=CALLBACK, allow_http=True)

    def submit(page, action, **values):
        fields = Forms(page).of(action) | values
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(origin + action, body, {"Sec-Fetch-Site": "same-origin"})
        with browser.open(request) as answer:
            return answer.url, answer.read().decode()

    with browser.open(address) as answer:
        page = answer.read().decode()
    _, page = submit(page, "/auth/sign_in", login=name, password=password)
    address, page = submit(page, "/oauth/authorize", decision="approve")
    code = urllib.parse.parse_qs(urllib.parse.urlparse(address).query)["code"][0]
    client.log_in(code=code, scopes=SCOPES, redirect_uri=CALLBACK, allow_http=True)
    return client


def png(width, height):
    """A picture of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + b"\x40\x80\xc0" * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")


class Heard(StreamListener):
    """Everything a stream tells."""

    def __init__(self):
        self.updates, self.edits, self.deleted, self.notifications = [], [], [], []

    def on_update(self, status):
        self.updates.append(status["id"])

    def on_status_update(self, status):
        self.edits.append(status["id"])

    def on_delete(self, status_id):
        self.deleted.append(status_id)

    def on_notification(self, notification):
        self.notifications.append(notification["type"])


class PushService:
    """Takes push messages on a loopback port."""

    def __init__(self):
        service = self
        self.messages = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                service.messages.append((dict(self.headers.items()), body))
                self.send_response(201)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://localhost:{self.server.server_address[1]}/send"


def main(origin, name, password, other_name, other_password):
    own, other = sign_in(origin, name, password), sign_in(origin, other_name, other_password)
    me, friend = own.me(), other.me()
    assert (me["username"], friend["username"]) == (name, other_name)
    said("signed in by the web form")
    assert own.instance_v2()["configuration"]["vapid"]["public_key"]

    heard = Heard()
    stream = other.stream_user(heard, run_async=True, timeout=PATIENCE)
    assert other.account_follow(me["id"])["following"]
    assert own.account_follow(friend["id"])["following"]
    until("a stream that is open", lambda: (own.status_post("is anybody there?"), time.sleep(0.2), heard.updates)[2])
    said("follows, and a live stream")

    medium = own.media_post(png(640, 480), "image/png", description="a plain colour", focus=(0.5, -0.5))
    own.media_update(medium, description="a plain blue")
    pictured = own.status_post("look", media_ids=[medium], sensitive=True, spoiler_text="blue", language="en")
    shown = other.status(pictured)["media_attachments"][0]
    assert (shown["type"], shown["description"]) == ("image", "a plain blue"), shown
    assert (shown["meta"]["original"]["width"], shown["meta"]["original"]["height"]) == (640, 480), shown
    for address in (shown["url"], shown["preview_url"]):
        with urllib.request.urlopen(address) as answer:
            assert answer.headers.get_content_maintype() == "image" and answer.read()
    own.account_update_credentials(avatar=png(120, 120), avatar_mime_type="image/png", display_name="A Name")
    assert "missing" not in own.me()["avatar"] and own.me()["display_name"] == "A Name"
    said("a post with a picture, and a face")

    poll = own.status_post("tea?", poll=own.make_poll(["yes", "no"], 3600, multiple=False))
    voted = other.poll_vote(poll["poll"]["id"], [0])
    assert voted["voted"] and voted["options"][0]["votes_count"] == 1, voted
    assert own.poll(poll["poll"]["id"])["votes_count"] == 1
    said("a poll and a vote")

    service = PushService()
    private, public = own.push_subscription_generate_keys()
    own.push_subscription_set(service.endpoint, public, mention_events=True)
    answer = other.status_post(f"@{name} thank you", in_reply_to_id=pictured["id"])
    headers, body = until("a push message", lambda: service.messages and service.messages[0])
    headers = {key.lower(): value for key, value in headers.items()}
    message = own.push_subscription_decrypt_push(body, private, headers["encryption"], headers["crypto-key"])
    assert message["notification_type"] == "mention", message
    own.push_subscription_delete()
    said("a push message, opened")

    kept = own.list_create("friends", replies_policy="list", exclusive=False)
    own.list_accounts_add(kept, [friend["id"]])
    assert [account["id"] for account in own.list_accounts(kept)] == [friend["id"]]
    assert answer["id"] in [status["id"] for status in own.timeline_list(kept)]
    assert [known["id"] for known in own.account_lists(friend["id"])] == [kept["id"]]
    own.list_delete(kept)
    said("a list and its timeline")

    hidden = own.create_filter_v2("tea", ["home", "public"], "warn", keywords_attributes=[{"keyword": "coffee"}])
    filtered = other.status_post("coffee!")
    seen = until("the post at home", lambda: [s for s in own.timeline_home() if s["id"] == filtered["id"]])[0]
    assert seen["filtered"][0]["filter"]["id"] == hidden["id"], seen["filtered"]
    own.delete_filter_v2(hidden)
    said("a filter")

    for name_of in ("account_mute", "account_unmute", "account_block", "account_unblock"):
        getattr(own, name_of)(friend["id"])
    own.account_follow(friend["id"])
    other.account_follow(me["id"])
    relation = own.account_relationships(friend["id"])[0]
    assert relation["following"] and not relation["muting"] and not relation["blocking"], relation
    own.account_note_set(friend["id"], "makes good tea")
    assert own.account_relationships(friend["id"])[0]["note"] == "makes good tea"
    said("mute, block, note")

    other.status_favourite(pictured)
    other.status_reblog(pictured)
    other.status_bookmark(pictured)
    assert pictured["id"] in [status["id"] for status in other.bookmarks()]
    assert pictured["id"] in [status["id"] for status in other.favourites()]
    kinds = until("three notifications", lambda: {"favourite", "reblog", "mention"} <= (k := {n["type"] for n in own.notifications()}) and k)
    assert "follow" in kinds, kinds
    said("favourite, reblog, bookmark, notifications")

    own.status_post(f"@{other_name} between us", visibility="direct")
    talk = until("a conversation", other.conversations)[0]
    assert talk["unread"] and not other.conversations_read(talk)["unread"]
    said("a conversation")

    own.tag_follow("basement")
    tagged = other.status_post("from the #basement")
    assert own.followed_tags()[0]["name"] == "basement"
    assert tagged["id"] in [status["id"] for status in own.timeline_hashtag("basement")]
    said("a tag, followed")

    until("a search that finds", lambda: [s for s in own.search_v2("tea")["statuses"] if s["id"] == poll["id"]])
    assert own.account_search(other_name)[0]["id"] == friend["id"]
    said("a search")

    edited = own.status_update(poll["id"], "tea or coffee?")
    assert edited["edited_at"] and len(own.status_history(poll["id"])) == 2
    assert own.status_source(poll["id"])["text"] == "tea or coffee?"
    until("the edit on the stream", lambda: str(poll["id"]) in [str(edit) for edit in heard.edits])
    own.status_delete(poll["id"])
    until("the deletion on the stream", lambda: str(poll["id"]) in [str(gone) for gone in heard.deleted])
    try:
        own.status(poll["id"])
        raise AssertionError("the deleted post is still there")
    except MastodonNotFoundError:
        pass
    stream.close()
    said("an edit and a deletion, heard on the stream")


if __name__ == "__main__":
    main(*sys.argv[1:])

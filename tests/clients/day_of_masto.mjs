// A person's day through masto, the JavaScript library that Phanpy and Elk use.
// Usage: day_of_masto.mjs ORIGIN TOKEN OTHER_TOKEN
import assert from "node:assert/strict";
import { createRestAPIClient, createStreamingAPIClient } from "masto";

const [origin, token, otherToken] = process.argv.slice(2);
const said = (text) => console.log("ok:", text);
const own = createRestAPIClient({ url: origin, accessToken: token });
const other = createRestAPIClient({ url: origin, accessToken: otherToken });

const patience = (what, promise) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`${what}: not within 30 s`)), 30_000).unref())]);

const instance = await own.v2.instance.fetch();
assert.ok(instance.configuration.urls.streaming.startsWith("ws"));
const me = await own.v1.accounts.verifyCredentials();
const friend = await other.v1.accounts.verifyCredentials();
await own.v1.accounts.$select(friend.id).follow();
said("two accounts");

const streaming = createStreamingAPIClient({ streamingApiUrl: instance.configuration.urls.streaming, accessToken: token });
const events = streaming.user.subscribe()[Symbol.asyncIterator]();
const tagged = streaming.hashtag.subscribe({ tag: "masto" })[Symbol.asyncIterator]();
const nextOf = async (iterator, kind) => {
  for (;;) {
    const { value, done } = await iterator.next();
    assert.ok(!done, `the stream ended before ${kind}`);
    if (value.event === kind) return value;
  }
};
// The subscriptions travel beside the posts: post until one is heard.
let posting = true;
const poster = (async () => {
  while (posting) {
    await other.v1.statuses.create({ status: "knock #masto" });
    await new Promise((go) => setTimeout(go, 200));
  }
})();
const update = await patience("an update", nextOf(events, "update"));
const onTag = await patience("an update of the tag", nextOf(tagged, "update"));
posting = false;
await poster;
assert.equal(update.payload.account.id, friend.id);
assert.deepEqual(onTag.stream, ["hashtag", "masto"]);
said("a WebSocket with two streams");

const status = await own.v1.statuses.create({ status: "a poll", poll: { options: ["a", "b"], expiresIn: 3600 } });
const poll = await other.v1.polls.$select(status.poll.id).votes.create({ choices: [1] });
assert.equal(poll.options[1].votesCount, 1);
said("a poll");

await other.v1.statuses.$select(status.id).favourite();
const told = await patience("a notification", nextOf(events, "notification"));
assert.equal(told.payload.type, "favourite");
const list = await own.v1.lists.create({ title: "masto" });
await own.v1.lists.$select(list.id).accounts.create({ accountIds: [friend.id] });
assert.equal((await own.v1.lists.$select(list.id).accounts.list())[0].id, friend.id);
said("a notification and a list");

const filter = await own.v2.filters.create({ title: "f", context: ["home"], keywordsAttributes: [{ keyword: "knock" }] });
assert.equal(filter.keywords[0].keyword, "knock");
const home = await own.v1.timelines.home.list({ limit: 40 });
assert.ok(home.some((seen) => seen.filtered?.length === 1));
await own.v2.filters.$select(filter.id).remove();
said("a filter");

const edited = await own.v1.statuses.$select(status.id).update({ status: "edited" });
assert.ok(edited.editedAt);
await own.v1.statuses.$select(status.id).remove();
const gone = await patience("a deletion", nextOf(events, "delete"));
assert.equal(gone.payload, status.id);
assert.equal((await own.v2.search.list({ q: me.username, type: "accounts" })).accounts[0].id, me.id);
streaming.close();
said("an edit, a deletion, a search");

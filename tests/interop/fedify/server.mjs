// A small fediverse server on Fedify, driven by a test: `node server.mjs NAME.localhost`.
//
// It listens on two free loopback ports and says so in one line of JSON on standard output: on `port` the fediverse
// sees it, on `control` the test tells it what to do (POST /OPERATION with a JSON object) and asks what it has seen.
// Everything lives in memory. It holds nothing of its own about protocol: documents, signatures, proofs, delivery and
// verification are Fedify's.

import * as fedify from "@fedify/fedify";
import { Temporal } from "@js-temporal/polyfill";
import dns from "node:dns";
import { createServer } from "node:http";

// Since Fedify 2 the vocabulary is a package of its own.
const vocabulary = await import("@fedify/vocab").catch(() => fedify);
const {
  Accept, Activity, Announce, Application, Block, Collection, Create, Delete, Document, Endpoints, Flag, Follow, Group, Image, Like,
  InteractionPolicy, InteractionRule, Mention, Move, Note, Person, Question, QuoteAuthorization, QuoteRequest, Reject,
  Tombstone, Undo, Update,
} = vocabulary;
const PUBLIC = vocabulary.PUBLIC_COLLECTION;
// What an actor may be.
const KINDS = { Application, Group, Person };

// Names below `localhost` are this machine, which not every resolver knows.
const { lookup } = dns;
dns.lookup = (name, ...more) => lookup(name.endsWith(".localhost") ? "localhost" : name, ...more);

// A picture of two pixels.
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==",
  "base64",
);

const host = process.argv[2];
const actors = new Map();
const objects = new Map();
const received = [];
const sent = { cavage: 0, rfc9421: 0, refused: 0 };
// Whether inboxes take the newer form of signature alone, how often the older one was turned away for that, and the
// activities whose signature of RFC 9421 Fedify has verified.
const newer = { only: false, refused: 0, verified: [] };
// What is given only to who signs for it (authorized fetch): whether by RFC 9421 alone, to whom how often by the kind of
// their signature, and how often it was not given.
const guarded = { newer: false, cavage: 0, rfc9421: 0, refused: 0, to: [] };
const errors = [];
let last = 0;
let turnedAway = null;

// ---- what goes out is counted by the kind of its signature ----

const ask = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const signature = kindOf(request);
  const posting = request.method === "POST";
  const response = await ask(request);
  if (posting && signature !== "unsigned") {
    if (response.ok) sent[signature] += 1;
    else sent.refused += 1;
  }
  return response;
};

// The kind of a request's signature.
function kindOf({ headers }) {
  return headers.has("signature-input") ? "rfc9421" : headers.has("signature") ? "cavage" : "unsigned";
}

// ---- Fedify ----

const listening = createServer(answer);
listening.on("connection", (socket) => {
  if (turnedAway === null) return;
  turnedAway += 1;
  socket.destroy();
});
await new Promise((resolve) => listening.listen(0, "127.0.0.1", resolve));
const port = listening.address().port;
const origin = `http://${host}:${port}`;

const federation = fedify.createFederation({
  kv: new fedify.MemoryKvStore(),
  queue: { outbox: new fedify.InProcessMessageQueue({ pollInterval: { milliseconds: 50 } }) },
  origin,
  allowPrivateAddress: true,
  outboxRetryPolicy: fedify.createExponentialBackoffPolicy({
    initialDelay: { seconds: 1 },
    maxDelay: { seconds: 2 },
    maxAttempts: 40,
  }),
  onOutboxError: (error, activity) => {
    errors.push(`${activity?.constructor?.name}: ${error.message}`);
  },
});
const context = federation.createContext(new URL(origin), undefined);

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, name) => {
    const actor = actors.get(name);
    if (!actor) return null;
    return await personOf(ctx, name);
  })
  .setKeyPairsDispatcher((_ctx, name) => actors.get(name)?.keys ?? [])
  .authorize((ctx, name) => mayRead(ctx, name));

federation.setFollowersDispatcher(
  "/users/{identifier}/followers",
  (_ctx, name, _cursor, base) => {
    const all = [...(actors.get(name)?.followers.values() ?? [])];
    return { items: base ? all.filter((one) => one.id.origin === base.origin) : all };
  },
);
// Relays ask who subscribes.
federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "lab", version: { major: 1, minor: 0, patch: 0 } },
  protocols: ["activitypub"],
  usage: { users: { total: actors.size }, localPosts: objects.size, localComments: 0 },
}));
federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [] }));
federation
  .setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => seenByAll(`/notes/${id}`))
  .authorize((ctx, { id }) => mayRead(ctx, ctx.parseUri(objects.get(`/notes/${id}`)?.attributionId)?.identifier));
federation.setObjectDispatcher(Question, "/questions/{id}", (_ctx, { id }) => seenByAll(`/questions/${id}`));

// Fedify 1 knows no consent to quotes (FEP-044f).
if (QuoteAuthorization) {
  federation.setObjectDispatcher(QuoteAuthorization, "/stamps/{id}", (_ctx, { id }) => objects.get(`/stamps/${id}`) ?? null);
}

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => {
    const [name] = actors.keys();
    return { identifier: name };
  })
  .on(Activity, hear)
  .onError((_ctx, error) => errors.push(`inbox: ${error.stack}`));

function seenByAll(path) {
  const object = objects.get(path);
  if (!object) return null;
  const people = [...object.toIds, ...object.ccIds].map(String);
  return people.includes(PUBLIC.href) ? object : null;
}

// Whether somebody's documents may be read by this request: those of who is guarded by who signs alone, as Fedify verifies.
async function mayRead(ctx, name) {
  if (!actors.get(name)?.guarded) return true;
  const kind = kindOf(ctx.request);
  const owner = guarded.newer && kind !== "rfc9421" ? null : await ctx.getSignedKeyOwner();
  if (!owner) {
    guarded.refused += 1;
    return false;
  }
  guarded[kind] += 1;
  guarded.to.push(owner.id.href);
  return true;
}

async function personOf(ctx, name) {
  const actor = actors.get(name);
  const pairs = await ctx.getActorKeyPairs(name);
  return new KINDS[actor.kind]({
    id: ctx.getActorUri(name),
    preferredUsername: name,
    name: actor.name,
    summary: `<p>${name} lives in a lab.</p>`,
    manuallyApprovesFollowers: actor.locked,
    inbox: ctx.getInboxUri(name),
    outbox: ctx.getOutboxUri(name),
    followers: ctx.getFollowersUri(name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    url: ctx.getActorUri(name),
    aliases: actor.aliases.map((alias) => new URL(alias)),
    successor: actor.successor ? new URL(actor.successor) : null,
    publicKey: pairs[0].cryptographicKey,
    assertionMethods: pairs.map((pair) => pair.multikey),
  });
}

async function newKeys() {
  return [
    await fedify.generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
    await fedify.generateCryptoKeyPair("Ed25519"),
  ];
}

// ---- what comes in ----

async function hear(ctx, activity) {
  const json = await activity.toJsonLd({ contextLoader: ctx.contextLoader });
  if (activity instanceof Follow) await heardFollow(activity);
  else if (activity instanceof Undo) await heardUndo(ctx, activity);
  else if (activity instanceof Create) await heardVote(ctx, activity);
  else if (QuoteRequest && activity instanceof QuoteRequest) requestsToQuote.set(activity.id.href, activity);
  if (activity instanceof Create || activity instanceof Delete) await share(activity);
  received.push(json);
}

// Groups tell their members what somebody says to them or deletes (FEP-1b12), or share what is said and no more.
async function share(activity) {
  const named = [...activity.toIds, ...activity.ccIds, ...activity.audienceIds].map(String);
  for (const [name, { kind, shares }] of actors) {
    const own = context.getActorUri(name);
    if (kind !== "Group" || !named.includes(own.href)) continue;
    if (shares === "objects" && !(activity instanceof Create)) continue;
    await context.sendActivity({ identifier: name }, "followers", new Announce({
      id: newId(name, "announce"),
      actor: own,
      object: shares === "objects" ? activity.objectId : activity,
      tos: [PUBLIC],
      ccs: [context.getFollowersUri(name)],
      published: Temporal.Now.instant(),
    }), { preferSharedInbox: true });
  }
}

async function heardFollow(follow) {
  const name = context.parseUri(follow.objectId)?.identifier;
  const actor = actors.get(name);
  if (!actor) return;
  const follower = await follow.getActor({ ...context, suppressError: false });
  actor.requests.set(follow.id.href, { follow, follower });
  if (!actor.locked) await answerFollow({ as: name, follow: follow.id.href, accept: true });
}

async function heardUndo(ctx, undo) {
  const object = await undo.getObject({ ...ctx, suppressError: true });
  if (!(object instanceof Follow)) return;
  const name = ctx.parseUri(object.objectId)?.identifier;
  actors.get(name)?.followers.delete(undo.actorId.href);
}

async function heardVote(ctx, create) {
  const vote = await create.getObject({ ...ctx, suppressError: true });
  if (!(vote instanceof Note) || !vote.name || !vote.replyTargetId) return;
  const path = vote.replyTargetId.pathname;
  const poll = objects.get(path);
  if (!(poll instanceof Question)) return;
  const counts = polls.get(path);
  counts.set(String(vote.name), (counts.get(String(vote.name)) ?? 0) + 1);
  counts.voters.add(create.actorId.href);
  const counted = await questionWith(poll, counts);
  objects.set(path, counted);
  const name = ctx.parseUri(poll.attributionId).identifier;
  await tell(name, counted, new Update({
    id: newId(name, "update"),
    actor: poll.attributionId,
    object: counted,
    tos: counted.toIds,
    ccs: counted.ccIds,
  }), [await personAt(create.actorId.href)]);
}

const polls = new Map();
const requestsToQuote = new Map();

async function questionWith(poll, counts) {
  const options = [...counts.names].map((name) => new Note({ name, replies: new Collection({ totalItems: counts.get(name) ?? 0 }) }));
  return poll.clone({
    [counts.multiple ? "inclusiveOptions" : "exclusiveOptions"]: options,
    voters: counts.voters.size,
  });
}

// ---- what goes out ----

function newId(name, kind) {
  last += 1;
  return new URL(`/users/${name}/${kind}/${last}`, origin);
}

async function personAt(id) {
  const found = await context.lookupObject(new URL(id));
  if (!found?.inboxId) throw new Error(`no actor at ${id}`);
  return found;
}

async function send(name, to, activity) {
  const keys = { identifier: name };
  for (const one of to) await context.sendActivity(keys, one, activity, { preferSharedInbox: true });
}

// To the followers, if it is for them, and to those named.
async function tell(name, object, activity, named) {
  const followers = context.getFollowersUri(name).href;
  const recipients = [...object.toIds, ...object.ccIds].map(String);
  const keys = { identifier: name };
  if (recipients.includes(followers)) {
    await context.sendActivity(keys, "followers", activity, { preferSharedInbox: true, syncCollection: true });
  }
  await send(name, named, activity);
}

function audience(name, visibility, mentions) {
  const followers = context.getFollowersUri(name);
  const people = mentions.map((id) => new URL(id));
  switch (visibility) {
    case "public": return { tos: [PUBLIC], ccs: [followers, ...people] };
    case "unlisted": return { tos: [followers], ccs: [PUBLIC, ...people] };
    case "private": return { tos: [followers], ccs: people };
    case "direct": return { tos: people, ccs: [] };
    default: throw new Error(`no visibility ${visibility}`);
  }
}

async function answerFollow({ as, follow, accept }) {
  const actor = actors.get(as);
  const asked = actor.requests.get(follow);
  if (!asked) throw new Error(`nobody asked with ${follow}`);
  const { follower } = asked;
  if (accept) actor.followers.set(follower.id.href, { id: follower.id, inboxId: follower.inboxId, endpoints: follower.endpoints });
  const Answer = accept ? Accept : Reject;
  await send(as, [follower], new Answer({
    id: newId(as, accept ? "accept" : "reject"),
    actor: context.getActorUri(as),
    object: asked.follow,
  }));
}

// An object says something else now, and its audience hears of it.
async function sayAnew(as, id, values) {
  const path = new URL(id).pathname;
  const object = objects.get(path).clone(values);
  objects.set(path, object);
  await tell(as, object, new Update({ id: newId(as, "update"), actor: object.attributionId, object, tos: object.toIds, ccs: object.ccIds }), []);
}

// Undo of an activity that was sent.
const done = new Map();

async function act(as, kind, Kind, object, to, more = {}) {
  const id = newId(as, kind);
  const activity = new Kind({ id, actor: context.getActorUri(as), object: new URL(object), ...more });
  done.set(id.href, { activity, to });
  await send(as, to, activity);
  return { id: id.href };
}

const operations = {
  async actor({ name, kind = "Person", shares = "activities", locked = false, guarded = false, aliases = [] }) {
    const keys = await newKeys();
    actors.set(name, { kind, shares, name: `${name} of the lab`, locked, guarded, aliases, successor: null, keys, followers: new Map(), requests: new Map() });
    return { id: context.getActorUri(name).href, handle: `${name}@${host}:${port}` };
  },

  async follow({ as, target }) {
    return await act(as, "follow", Follow, target, [await personAt(target)], { to: new URL(target) });
  },

  answer: answerFollow,

  async undo({ as, id }) {
    const { activity, to } = done.get(id);
    await send(as, to, new Undo({ id: newId(as, "undo"), actor: context.getActorUri(as), object: activity, tos: activity.toIds, ccs: activity.ccIds }));
  },

  async post({ as, text, visibility, summary = null, mentions = [], inReplyTo = null, picture = null, poll = null, quoteUrl = null, mayQuote = false }) {
    const people = await Promise.all(mentions.map(personAt));
    const kind = poll ? "questions" : "notes";
    last += 1;
    const path = `/${kind}/${last}`;
    const id = new URL(path, origin);
    const links = people.map((one) => `<a href="${one.id.href}" class="u-url mention">@${one.preferredUsername}</a> `);
    const values = {
      id,
      attribution: context.getActorUri(as),
      content: `<p>${links.join("")}${text}</p>`,
      published: Temporal.Now.instant(),
      summary,
      sensitive: summary !== null,
      replyTarget: inReplyTo ? new URL(inReplyTo) : null,
      quoteUrl: quoteUrl ? new URL(quoteUrl) : null,
      ...(mayQuote && { interactionPolicy: new InteractionPolicy({ canQuote: new InteractionRule({ automaticApproval: PUBLIC }) }) }),
      url: id,
      tags: people.map((one) => new Mention({ href: one.id, name: `@${one.preferredUsername}@${one.id.host}` })),
      attachments: picture
        ? [new Document({ mediaType: "image/png", url: new URL("/picture.png", origin), name: picture, width: 2, height: 1 })]
        : [],
      ...audience(as, visibility, mentions),
    };
    let object;
    if (poll) {
      const counts = Object.assign(new Map(), { names: poll.options, multiple: poll.multiple, voters: new Set() });
      polls.set(path, counts);
      const endTime = Temporal.Now.instant().add({ seconds: poll.seconds });
      object = await questionWith(new Question({ ...values, endTime }), counts);
    } else {
      object = new Note(values);
    }
    objects.set(path, object);
    await tell(as, object, new Create({
      id: new URL(`${path}#create`, origin),
      actor: object.attributionId,
      object,
      published: values.published,
      tos: values.tos,
      ccs: values.ccs,
    }), people);
    return { id: id.href };
  },

  // Asks whether somebody may be quoted in what is not said yet (FEP-044f).
  async askToQuote({ as, object, author }) {
    const to = await personAt(author);
    last += 1;
    const path = `/notes/${last}`;
    const note = new Note({
      id: new URL(path, origin),
      attribution: context.getActorUri(as),
      content: "<p>see there</p>",
      published: Temporal.Now.instant(),
      quote: new URL(object),
      ...audience(as, "public", []),
    });
    objects.set(path, note);
    const request = newId(as, "quote-request");
    await send(as, [to], new QuoteRequest({ id: request, actor: note.attributionId, object: new URL(object), instrument: note, to: to.id }));
    return { id: note.id.href, request: request.href };
  },

  // Says it, with the stamp by which it was allowed.
  async sayQuote({ as, id, stamp }) {
    const path = new URL(id).pathname;
    const note = objects.get(path).clone({ quoteAuthorization: new URL(stamp) });
    objects.set(path, note);
    await tell(as, note, new Create({ id: new URL(`${id}#create`), actor: note.attributionId, object: note, tos: note.toIds, ccs: note.ccIds }), []);
  },

  async answerQuote({ as, request, accept }) {
    const asked = requestsToQuote.get(request);
    const to = await personAt(asked.actorId.href);
    const own = context.getActorUri(as);
    let stamp = null;
    if (accept) {
      last += 1;
      const path = `/stamps/${last}`;
      stamp = new URL(path, origin);
      const { instrumentId, objectId } = asked;
      objects.set(path, new QuoteAuthorization({ id: stamp, attribution: own, interactingObject: instrumentId, interactionTarget: objectId }));
    }
    const Answer = accept ? Accept : Reject;
    await send(as, [to], new Answer({ id: newId(as, "answer"), actor: own, object: asked, result: stamp, to: to.id }));
    return { stamp: stamp?.href };
  },

  // Takes a stamp back.
  async unstamp({ as, stamp, of }) {
    const to = await personAt(of);
    objects.delete(new URL(stamp).pathname);
    await send(as, [to], new Delete({ id: newId(as, "delete"), actor: context.getActorUri(as), object: new URL(stamp), tos: [PUBLIC, to.id] }));
  },

  // Gives what it said to a relay.
  async pass({ as, id, relay }) {
    const object = objects.get(new URL(id).pathname);
    await send(as, [await personAt(relay)], new Create({
      id: new URL(`${id}#create`),
      actor: object.attributionId,
      object,
      tos: object.toIds,
      ccs: object.ccIds,
    }));
  },

  async edit({ as, id, text }) {
    await sayAnew(as, id, { content: `<p>${text}</p>`, updated: Temporal.Now.instant() });
  },

  // A poll is over, whenever it was to end.
  async end({ as, id }) {
    await sayAnew(as, id, { closed: Temporal.Now.instant() });
  },

  // Told to its audience, and to those named.
  async remove({ as, id, to = [] }) {
    const people = await Promise.all(to.map(personAt));
    const path = new URL(id).pathname;
    const object = objects.get(path);
    objects.delete(path);
    const gone = new Tombstone({ id: object.id });
    await tell(as, object, new Delete({ id: newId(as, "delete"), actor: object.attributionId, object: gone, tos: object.toIds, ccs: object.ccIds }), people);
  },

  async vote({ as, poll, author, choices }) {
    const to = await personAt(author);
    for (const name of choices) {
      const note = new Note({ id: newId(as, "vote"), attribution: context.getActorUri(as), name, replyTarget: new URL(poll), to: to.id });
      await send(as, [to], new Create({ id: newId(as, "create"), actor: context.getActorUri(as), object: note, to: to.id }));
    }
  },

  async like({ as, object, author }) {
    return await act(as, "like", Like, object, [await personAt(author)], { to: new URL(author) });
  },

  // To the followers, and to the author if that is somebody elsewhere.
  async announce({ as, object, author = null }) {
    const to = author ? [await personAt(author)] : [...actors.get(as).followers.values()];
    return await act(as, "announce", Announce, object, to, {
      tos: [PUBLIC],
      ccs: [context.getFollowersUri(as), ...to.map((one) => one.id)],
      published: Temporal.Now.instant(),
    });
  },

  async block({ as, target }) {
    return await act(as, "block", Block, target, [await personAt(target)], { to: new URL(target) });
  },

  async flag({ as, target, status, text }) {
    const to = await personAt(target);
    await send(as, [to], new Flag({
      id: newId(as, "flag"),
      actor: context.getActorUri(as),
      objects: [to.id, new URL(status)],
      content: text,
      to: to.id,
    }));
  },

  alias({ as, of }) {
    actors.get(as).aliases.push(of);
  },

  async move({ as, target }) {
    const actor = actors.get(as);
    actor.successor = target;
    const own = context.getActorUri(as);
    await context.sendActivity({ identifier: as }, "followers", new Move({
      id: newId(as, "move"),
      actor: own,
      object: own,
      target: new URL(target),
      to: context.getFollowersUri(as),
    }), { preferSharedInbox: true });
  },

  // New keys, and a new name by which it shows that they are known; told with the old ones.
  async rotate({ as, name }) {
    const old = (await context.getActorKeyPairs(as)).map(({ keyId, privateKey }) => ({ keyId, privateKey }));
    const actor = actors.get(as);
    actor.keys = await newKeys();
    actor.name = name;
    const update = new Update({
      id: newId(as, "update"),
      actor: context.getActorUri(as),
      object: await personOf(context, as),
      tos: [PUBLIC],
      ccs: [context.getFollowersUri(as)],
    });
    for (const one of actor.followers.values()) await context.sendActivity(old, one, update, { preferSharedInbox: true });
  },

  async vanish({ as }) {
    const actor = actors.get(as);
    const own = context.getActorUri(as);
    const pairs = (await context.getActorKeyPairs(as)).map(({ keyId, privateKey }) => ({ keyId, privateKey }));
    const gone = new Delete({ id: newId(as, "delete"), actor: own, object: own, tos: [PUBLIC] });
    actors.delete(as);
    for (const one of actor.followers.values()) await context.sendActivity(pairs, one, gone, { preferSharedInbox: true });
  },

  // A document as Fedify reads it, and its JSON.
  async look({ id }) {
    const found = await context.lookupObject(new URL(id));
    return { kind: found?.constructor?.name ?? null, document: await found?.toJsonLd({ contextLoader: context.contextLoader }) };
  },

  // What is behind an address.
  async load({ url }) {
    const response = await ask(url);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get("content-type"), bytes: body.length };
  },

  // What a document's server answers to who asks for it: signed by somebody here as Fedify does, or not signed.
  async fetch({ id, as = null }) {
    if (as === null) {
      const response = await ask(id, { headers: { accept: "application/activity+json" } });
      await response.arrayBuffer();
      return { status: response.status };
    }
    const load = await context.getDocumentLoader({ identifier: as });
    return { status: 200, document: (await load(id)).document };
  },

  followers({ as }) {
    return [...actors.get(as).followers.keys()];
  },

  seen() {
    return { received, requests, newer, guarded, sent, errors, turnedAway };
  },

  // From now on inboxes answer 401 to what is signed by draft-cavage alone, whatever Fedify would say.
  demand() {
    newer.only = true;
  },

  // The same with documents of who is guarded.
  demandOfReaders() {
    guarded.newer = true;
  },

  // Whoever connects is hung up on, and counted, until the server is opened again.
  close() {
    turnedAway = 0;
    listening.closeAllConnections();
  },

  open() {
    turnedAway = null;
  },
};

// ---- HTTP ----

// How the signatures of what came in were: by kind, and whether Fedify took them apart from any proof in the body.
const requests = { cavage: 0, rfc9421: 0, unsigned: 0, verified: 0, unverified: 0 };

async function answer(incoming, outgoing) {
  try {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url, origin);
    if (url.pathname === "/picture.png") {
      outgoing.writeHead(200, { "content-type": "image/png", "content-length": PNG.length });
      outgoing.end(PNG);
      return;
    }
    const { signature, "signature-input": input } = incoming.headers;
    if (newer.only && incoming.method === "POST" && url.pathname.endsWith("/inbox") && signature && !input) {
      newer.refused += 1;
      outgoing.writeHead(401).end();
      return;
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      for (const one of [value].flat()) headers.append(name, one);
    }
    const body = incoming.method === "GET" || incoming.method === "HEAD" ? undefined : Buffer.concat(chunks);
    const request = new Request(url, { method: incoming.method, headers, body });
    if (incoming.method === "POST") await count(request.clone(), body);
    const gone = /^\/users\/([^/]+)$/.exec(url.pathname);
    const response = gone && !actors.has(gone[1])
      ? new Response("gone", { status: 410 })
      : await federation.fetch(request, { contextData: undefined });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    errors.push(`${incoming.method} ${incoming.url}: ${error.stack}`);
    outgoing.writeHead(500).end();
  }
}

async function count(request, body) {
  const kind = kindOf(request);
  requests[kind] += 1;
  const key = await fedify.verifyRequest(request, { documentLoader: loadKey, contextLoader: context.contextLoader });
  requests[key ? "verified" : "unverified"] += 1;
  if (key && kind === "rfc9421") newer.verified.push(JSON.parse(body).id);
}

// A key may be given only to who signs for it.
async function loadKey(url, options) {
  try {
    return await context.documentLoader(url, options);
  } catch {
    const [identifier] = actors.keys();
    const load = await context.getDocumentLoader({ identifier });
    return await load(url, options);
  }
}

const control = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const operation = operations[incoming.url.slice(1)];
  let status = 200;
  let answer;
  try {
    if (!operation) throw new Error(`no operation ${incoming.url}`);
    answer = (await operation(chunks.length ? JSON.parse(Buffer.concat(chunks)) : {})) ?? {};
  } catch (error) {
    status = 500;
    answer = { error: error.stack };
  }
  const body = JSON.stringify(answer);
  outgoing.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body), connection: "close" });
  outgoing.end(body);
});
await new Promise((resolve) => control.listen(0, "127.0.0.1", resolve));

// It must not outlive the test that started it.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
console.log(JSON.stringify({ port, control: control.address().port, node: process.version }));

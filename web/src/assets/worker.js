// What goes on while no page is open: shows what the server pushes, and opens the page that tells more.
"use strict";
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data.json(); } catch (odd) { /* that there is something is worth showing */ }
  event.waitUntil(self.registration.showNotification(told.title || self.location.host, {
    body: told.body || "",
    icon: told.icon || "/icon-192.png",
    lang: told.preferred_locale || "",
    tag: told.notification_id || "",
    data: "/notifications",
  }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const there = event.notification.data || "/notifications";
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((open) => {
    const page = open.find((one) => new URL(one.url).pathname === there);
    return page ? page.focus() : self.clients.openWindow(there);
  }));
});

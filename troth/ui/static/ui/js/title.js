// The number of unread conversations, in the title of the window and on the app's icon.

let count = 0;

export function plainTitle() {
  return document.title.replace(/^\(\d+\+?\) /, "");
}

export function showUnread(now = count) {
  count = now;
  const title = plainTitle();
  document.title = count ? `(${count > 99 ? "99+" : count}) ${title}` : title;
  if (count) navigator.setAppBadge?.(count).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

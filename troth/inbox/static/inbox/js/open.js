// Which conversation is open, as the page itself says.

export function openConversation() {
  return document.getElementById("thread")?.dataset.conversation ?? null;
}

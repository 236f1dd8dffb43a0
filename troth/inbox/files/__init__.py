"""Files of messages: fetched as soon as they are told of, kept sealed, shown, and gone with their message."""

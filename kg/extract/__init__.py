"""The reader of English news: a document in, its claims out."""

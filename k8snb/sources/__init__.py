"""Where objects come from: each source gives one stream of pages, listings, gaps and facts."""

"""The public help site: static pages made from the articles that the assistant answers with."""

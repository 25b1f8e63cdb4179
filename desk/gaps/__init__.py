"""What the articles do not answer: from like questions to an article that its askers are told."""

"""What the tasks answer: an analysis, a study, a spectrum, a training set, and records asked again or compared."""

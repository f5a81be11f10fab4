"""From features to quantities, for any technique: regressors, and what several of them share."""

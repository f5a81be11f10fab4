"""The laboratory's memory: samples, data sets, models, measurements and predictions, with their artefacts."""

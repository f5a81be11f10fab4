"""Commands on what is alike: ``similar``, ``spaces``, ``map``, and archives of measured files."""

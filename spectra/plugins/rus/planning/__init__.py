"""What a measurement will tell: uncertainties of the moduli before anything is measured."""

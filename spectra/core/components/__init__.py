"""The parts that plugins provide, as protocols, and how a plugin describes them.

Components keep scikit-learn's manners: the constructor only stores, ``fit`` returns self, learned attributes end in
``_``, randomness comes in as a :class:`numpy.random.Generator`. What they learned travels as plain arrays, so that a
model file needs no pickle and opens years later.
"""

from spectra.core.components.arrays import (
    Features,
    Floats,
    State,
)
from spectra.core.components.description import (
    Component,
    NoParameters,
)
from spectra.core.components.forward_models import (
    AmbiguousForwardModel,
    DifferentiableForwardModel,
    DrawingForwardModel,
    ForwardModel,
    GeneratingModel,
    SamplingForwardModel,
    TabulatingForwardModel,
)
from spectra.core.components.learning import (
    Distortion,
    Encoder,
    LearningEncoder,
    PartitioningEncoder,
    Regressor,
    ShapingEncoder,
    TrainingData,
    WeighingEncoder,
)
from spectra.core.components.measuring import (
    Processor,
    Reader,
    Refinement,
    Refiner,
)
from spectra.core.components.tasks import (
    Generator,
    Layout,
    Optimizer,
    PicturingGenerator,
)

__all__ = [
    "AmbiguousForwardModel",
    "Component",
    "DifferentiableForwardModel",
    "Distortion",
    "DrawingForwardModel",
    "Encoder",
    "Features",
    "Floats",
    "ForwardModel",
    "GeneratingModel",
    "Generator",
    "Layout",
    "LearningEncoder",
    "NoParameters",
    "Optimizer",
    "PartitioningEncoder",
    "PicturingGenerator",
    "Processor",
    "Reader",
    "Refinement",
    "Refiner",
    "Regressor",
    "SamplingForwardModel",
    "ShapingEncoder",
    "State",
    "TabulatingForwardModel",
    "TrainingData",
    "WeighingEncoder",
]

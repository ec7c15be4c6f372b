"""A whole outfit on the person of a photo: a system of our own, on the generator of Yildirim et al. 2019."""

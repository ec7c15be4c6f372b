"""Parts of tabs: the outfit, the pose, the photos of a try-on."""

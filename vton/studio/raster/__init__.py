"""From triangles to pixels: camera, z-buffer, shading points, and which point of the cloth each pixel shows."""

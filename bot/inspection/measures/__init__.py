"""What is measured in a picture, each as a number and where it was found; nothing is judged."""

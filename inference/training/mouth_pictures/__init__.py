"""What the refiner of portraits learns from: squares around the mouth as they are drawn, and as they should look."""

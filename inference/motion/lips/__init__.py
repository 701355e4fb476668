"""What the words do: lips, jaw and tongue from the phones that were heard."""

"""The load of the country beside the same load with other clients: what each costs."""

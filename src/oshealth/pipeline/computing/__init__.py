"""Stages that stay at home: who is who, measures, the warehouse, the pages."""

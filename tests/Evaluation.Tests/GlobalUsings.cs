global using GauRuntime.Evaluation.Rows;

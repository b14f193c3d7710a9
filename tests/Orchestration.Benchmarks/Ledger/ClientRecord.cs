namespace Orchestration.Benchmarks.Ledger;

/// <param name="Number">Which question it was.</param>
/// <param name="RequestId">The gateway's id; null when its answer had none.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Whole">True when the answer came to its proper end.</param>
/// <param name="Started">Timestamp of its start.</param>
/// <param name="Milliseconds">How long it took to its end.</param>
/// <param name="Code">Code of its error; empty when it had none.</param>
internal sealed record ClientRecord(int Number, string? RequestId, int Status, bool Whole, long Started, double Milliseconds, string Code);

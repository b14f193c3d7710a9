namespace Orchestration.Gateway.Idempotency;

/// <summary>An answer that is being written, in this process or in another one.</summary>
internal interface IAnswerSource
{
    /// <summary>Waits until there is more than the first bytes, or the end.</summary>
    /// <param name="offset">How many bytes of the body are known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public ValueTask<AnswerPart> ReadAsync(int offset, CancellationToken cancellationToken);
}

/// <summary>News of an answer.</summary>
/// <param name="Head">Null while nothing was answered.</param>
/// <param name="Bytes">What follows the known bytes of the body.</param>
/// <param name="State">How the answer stands after them.</param>
internal readonly record struct AnswerPart(AnswerHead? Head, ReadOnlyMemory<byte> Bytes, AnswerState State);

internal enum AnswerState
{
    /// <summary>More will come.</summary>
    Running,

    /// <summary>That was all of it.</summary>
    Whole,

    /// <summary>It broke off; there will be no more.</summary>
    Broken,

    /// <summary>It may go on, but it cannot be followed here any more.</summary>
    Lost,
}

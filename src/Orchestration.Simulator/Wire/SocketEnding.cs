namespace Orchestration.Simulator.Wire;

/// <summary>What happens to the connection when the last allowed byte is out.</summary>
internal enum SocketEnding
{
    /// <summary>The socket's side is closed in order (FIN).</summary>
    Fin,

    /// <summary>The connection is reset (RST).</summary>
    Reset,

    /// <summary>Nothing more comes, the connection stays open.</summary>
    Hold,
}

/// <summary>How a response goes over a bare socket.</summary>
/// <param name="Limit">Bytes of the body that are sent before the ending; null sends the whole body.</param>
/// <param name="Ending">What follows the limit, or a break.</param>
/// <param name="Chunked">True for chunked framing, false for a body that ends with the connection.</param>
/// <param name="Hold">How long a held connection stays open at most.</param>
internal sealed record SocketPlan(long? Limit, SocketEnding Ending, bool Chunked, TimeSpan Hold)
{
    public int Status { get; init; } = 200;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Largest segment of the body.</summary>
    public int Piece { get; init; } = int.MaxValue;

    /// <summary>Offsets in the body where segments end, ascending.</summary>
    public IReadOnlyList<int> Offsets { get; init; } = [];

    /// <summary>Time between segments.</summary>
    public TimeSpan Pause { get; init; }
}

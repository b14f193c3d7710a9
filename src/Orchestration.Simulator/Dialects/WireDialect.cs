using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>How a protocol carries keys, ids and errors.</summary>
internal abstract class WireDialect
{
    private const string Scheme = "Bearer ";

    /// <summary>True when even an open vendor refuses a call without any key.</summary>
    public virtual bool NeedsKey => false;

    public virtual string StreamType => WireHeaders.EventStream;

    public virtual string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary>The id that an answer carries.</summary>
    public abstract string NewId(ref StableRandom random);

    /// <summary>Headers that stand on every answer.</summary>
    public virtual void Mark(HttpResponse response, string id)
    {
    }

    /// <summary>The error of a status, as the vendor words it.</summary>
    /// <param name="vendor">Whose error it is.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="retryAfter">Seconds that a fault wants to be announced.</param>
    public abstract ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null);

    /// <summary>The error of a request that is not understood.</summary>
    public abstract ErrorAnswer Refuse(Vendor vendor, WireProblem problem);

    /// <summary>The refusal of a key that is missing or wrong.</summary>
    public virtual ErrorAnswer RefuseKey(Vendor vendor, bool missing) => Fail(vendor, 401);

    /// <summary>An error under status 200 in place of a whole answer.</summary>
    public virtual byte[] FailInside(Vendor vendor) => Fail(vendor, 500).Body;
}

/// <summary>An error as it goes over the wire.</summary>
internal sealed record ErrorAnswer(int Status, byte[] Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

/// <summary>What is wrong with a request.</summary>
internal sealed record WireProblem(string Message, string? Param = null, string? Code = null, int Status = 400);

/// <summary>Thrown while a request is read; the reception answers it with the vendor's refusal.</summary>
internal sealed class WireRefusalException(WireProblem problem) : Exception(problem.Message)
{
    public WireRefusalException(string message)
        : this(new WireProblem(message))
    {
    }

    public WireProblem Problem => problem;
}

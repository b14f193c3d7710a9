using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Planning;

/// <summary>Which model a name stands for, without a plan.</summary>
internal abstract record ModelSearch
{
    private ModelSearch()
    {
    }

    /// <summary>The model that would be asked first.</summary>
    public sealed record Found(string Model) : ModelSearch;

    /// <summary>The name means nothing to this caller, or something of another kind.</summary>
    public sealed record Refused(Failure Failure) : ModelSearch;
}

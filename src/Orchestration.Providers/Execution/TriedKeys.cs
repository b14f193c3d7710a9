using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Providers.Execution;

/// <summary>
/// The keys that one request has failed with. A key that is refused or empty is of no use to any model of its vendor; a limit or a missing
/// permission is one model's, so another model may be asked with the same key.
/// </summary>
internal sealed class TriedKeys
{
    private readonly HashSet<string> _useless = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byModel = new(StringComparer.Ordinal);

    public IReadOnlySet<string> For(Deployment deployment) => _byModel.GetValueOrDefault(deployment.UpstreamModel, _useless);

    public void Add(PreparedCandidate candidate, FailureClass failureClass)
    {
        var key = candidate.Key.KeyId;
        if (failureClass is FailureClass.ProviderAuth or FailureClass.ProviderBalance)
        {
            _useless.Add(key);
            foreach (var tried in _byModel.Values) tried.Add(key);
            return;
        }

        var model = candidate.Deployment.UpstreamModel;
        if (!_byModel.TryGetValue(model, out var ofModel)) _byModel[model] = ofModel = new HashSet<string>(_useless, StringComparer.Ordinal);
        ofModel.Add(key);
    }
}

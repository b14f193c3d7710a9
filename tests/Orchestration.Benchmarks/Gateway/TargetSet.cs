using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Gateway;

/// <summary>Targets with their connections and meters, for one measurement.</summary>
internal sealed class TargetSet(IReadOnlyList<LoadTarget> targets) : IDisposable
{
    public IReadOnlyList<LoadTarget> Targets => targets;

    public void Dispose()
    {
        foreach (var target in targets)
            target.Dispose();
    }
}

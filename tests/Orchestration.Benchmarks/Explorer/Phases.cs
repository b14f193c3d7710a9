using System.Globalization;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Steps that follow each other, with the time that each took.</summary>
internal sealed class Phases(ProgressContext progress)
{
    private readonly List<ProgressTask> _begun = [];

    public ProgressTask Begin(string name, double steps = 1)
    {
        if (_begun.Count > 0)
            _begun[^1].StopTask();
        var task = progress.AddTask(name, maxValue: steps);
        _begun.Add(task);
        return task;
    }

    public override string ToString() =>
        string.Join(", ", _begun.Select(task => string.Create(CultureInfo.InvariantCulture, $"{task.Description} {task.ElapsedTime?.TotalSeconds:0} s")));
}

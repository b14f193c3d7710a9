namespace Orchestration.Benchmarks.Budgets;

/// <summary>What of a budget was neither spent nor reserved, moment by moment.</summary>
internal sealed class FreeMoney(decimal amount)
{
    private readonly List<(DateTimeOffset At, decimal Change)> _changes = [];
    private DateTimeOffset[] _times = [];
    private decimal[] _free = [];

    /// <summary>Takes an amount for a time.</summary>
    public void Hold(DateTimeOffset from, DateTimeOffset until, decimal held)
    {
        _changes.Add((from, -held));
        _changes.Add((until, held));
    }

    /// <summary>Takes an amount for good.</summary>
    public void Spend(DateTimeOffset at, decimal spent) => _changes.Add((at, -spent));

    /// <summary>Adds everything up; nothing may be added after it.</summary>
    public FreeMoney Sum()
    {
        // At one moment, what is taken counts before what is set free.
        _changes.Sort((one, other) => one.At != other.At ? one.At.CompareTo(other.At) : one.Change.CompareTo(other.Change));
        _times = [.. _changes.Select(change => change.At)];
        _free = new decimal[_changes.Count];
        var free = amount;
        for (var index = 0; index < _free.Length; index++)
            _free[index] = free += _changes[index].Change;
        return this;
    }

    /// <summary>The least that was free at any moment of a time.</summary>
    public decimal Least(DateTimeOffset from, DateTimeOffset until)
    {
        var index = Array.BinarySearch(_times, from);
        if (index < 0)
            index = ~index - 1;
        while (index > 0 && _times[index - 1] == from)
            index--;
        var least = index < 0 ? amount : _free[index];
        for (index++; index < _times.Length && _times[index] <= until; index++)
            least = Math.Min(least, _free[index < 0 ? 0 : index]);
        return least;
    }
}

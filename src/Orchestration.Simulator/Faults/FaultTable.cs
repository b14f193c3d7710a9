using System.Collections.Concurrent;

namespace Orchestration.Simulator.Faults;

/// <summary>The faults that were set by administrative calls, per vendor and model; "*" stands for any.</summary>
internal sealed class FaultTable
{
    private const string Any = "*";
    private readonly ConcurrentDictionary<(string Vendor, string Model), Slot> _slots = [];

    public void Set(string vendor, string model, FaultRequest request, Fault fault) =>
        _slots[(vendor, model)] = new Slot(request, fault, request.Count);

    public bool Clear(string vendor, string model) => _slots.TryRemove((vendor, model), out _);

    public void Clear() => _slots.Clear();

    public FaultListing List() => new(
        [.. _slots.Select(slot => new ActiveFault(slot.Key.Vendor, slot.Key.Model, slot.Value.Request, slot.Value.Left))]);

    /// <summary>The fault that the next request to a model meets, counted down.</summary>
    public (Fault Fault, string Kind)? Take(string vendor, string model)
    {
        if (_slots.IsEmpty)
            return null;
        return TakeFrom((vendor, model)) ?? TakeFrom((vendor, Any)) ?? TakeFrom((Any, Any));
    }

    private (Fault Fault, string Kind)? TakeFrom((string, string) key)
    {
        if (!_slots.TryGetValue(key, out var slot) || !slot.Take())
            return null;
        if (slot.Left == 0)
            _slots.TryRemove(new KeyValuePair<(string, string), Slot>(key, slot));
        return (slot.Fault, slot.Request.Kind);
    }

    private sealed class Slot(FaultRequest request, Fault fault, int? count)
    {
        private int _left = count ?? -1;

        public FaultRequest Request => request;

        public Fault Fault => fault;

        public int? Left => count is null ? null : Math.Max(0, Volatile.Read(ref _left));

        public bool Take() => count is null || Interlocked.Decrement(ref _left) >= 0;
    }
}

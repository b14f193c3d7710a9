using System.Buffers;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>The deployments that are looked at for one request, and the order in which they are to be asked.</summary>
internal sealed class CandidateSet(int most) : IDisposable
{
    // Scores that differ by less are equal: what was learned is not surer than that.
    private const double EqualWithin = 0.001;
    private readonly Considered[] _items = ArrayPool<Considered>.Shared.Rent(most);
    private readonly ulong[] _keys = ArrayPool<ulong>.Shared.Rent(most);
    private readonly int[] _order = ArrayPool<int>.Shared.Rent(most);
    private int _count;
    private int _kept;

    public Span<Considered> Items => _items.AsSpan(0, _count);

    /// <summary>Places in <see cref="Items"/>, the first to be asked first.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _kept);

    public void Add(CompiledDeployment compiled, Drop drop) => _items[_count++] = new Considered(compiled) { Drop = drop };

    /// <summary>Orders what is left as it was added.</summary>
    public void ArrangeAsAdded()
    {
        Keep(static drop => drop == Drop.None);
        if (_kept == 0)
            Keep(static drop => drop >= Drop.Cooling);
    }

    /// <summary>Orders what is left by score; equals by the request's seed, so that not all requests meet the same one.</summary>
    public void ArrangeByScore(ulong seed)
    {
        ArrangeAsAdded();
        for (var i = 0; i < _kept; i++)
            _keys[i] = (ulong)Math.Round((1 - _items[_order[i]].Score) / EqualWithin);
        Sort(0, _kept);
        for (int first = 0, next; first < _kept; first = next)
        {
            for (next = first + 1; next < _kept && _keys[next] == _keys[first];)
                next++;
            if (next - first > 1)
                ArrangeEquals(first, next, seed);
        }
    }

    /// <summary>Asks a deployment first if it is among those that are left.</summary>
    public void MoveToFront(string deployment)
    {
        for (var i = 1; i < _kept; i++)
        {
            var place = _order[i];
            if (_items[place].Compiled.Deployment.Id != deployment)
                continue;
            Array.Copy(_order, 0, _order, 1, i);
            _order[0] = place;
            return;
        }
    }

    public void Dispose()
    {
        ArrayPool<Considered>.Shared.Return(_items, clearArray: true);
        ArrayPool<ulong>.Shared.Return(_keys);
        ArrayPool<int>.Shared.Return(_order);
    }

    private void ArrangeEquals(int first, int next, ulong seed)
    {
        for (var i = first; i < next; i++)
            _keys[i] = StableHash.Of(seed, _items[_order[i]].Compiled.Deployment.Id) >> 32;
        Sort(first, next);
    }

    private void Sort(int first, int next) => _keys.AsSpan(first, next - first).Sort(_order.AsSpan(first, next - first));

    private void Keep(Func<Drop, bool> isKept)
    {
        for (var place = 0; place < _count; place++)
        {
            if (isKept(_items[place].Drop))
                _order[_kept++] = place;
        }
    }
}

using Orchestration.Routing.Tables;

namespace Orchestration.Routing.Serving;

/// <summary>The table in force: replaced as a whole, read without a lock.</summary>
internal sealed class RouteTablePublisher
{
    private volatile BuiltTable? _current;

    /// <summary>Null until the first table is made.</summary>
    public BuiltTable? Current => _current;

    public ChangeSignal Changed { get; } = new();

    /// <returns>False when the table says the same as the one before; nobody is woken then.</returns>
    public bool Publish(BuiltTable table)
    {
        var isNew = _current?.Table.Version != table.Table.Version;
        // Problems and catalogue may differ although the table does not.
        _current = table;
        if (isNew) Changed.Raise();
        return isNew;
    }
}

using System.Collections.Frozen;
using System.Globalization;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Faults;

/// <summary>Faults as text: <c>kind[@N][=M]</c>, behind a model name, in a header, or as the kind of an administrative call.</summary>
internal static class FaultNames
{
    private const string Html502 =
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

    private const string Html504 =
        "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

    private const string In200 = "-in-200";

    private static readonly FrozenDictionary<string, Fault> Known = new Dictionary<string, Fault>
    {
        ["status"] = new(FaultKind.Status) { Status = 500 },
        ["slow"] = new(FaultKind.Slow),
        ["queue"] = new(FaultKind.Queue),
        ["cut"] = new(FaultKind.Cut),
        ["rst"] = new(FaultKind.Reset),
        ["close"] = new(FaultKind.Close),
        ["stall"] = new(FaultKind.Stall),
        ["split"] = new(FaultKind.Split),
        ["garbage"] = new(FaultKind.Garbage),
        ["error-in-200"] = new(FaultKind.ErrorIn200),
        ["empty"] = new(FaultKind.Empty),
        ["html502"] = new(FaultKind.Status) { Status = 502, Body = Html502, ContentType = "text/html" },
        ["refusal"] = new(FaultKind.Refusal),
        ["filtered"] = new(FaultKind.Filtered),
        ["plain-for-stream"] = new(FaultKind.PlainForStream),
        ["no-done"] = new(FaultKind.NoDone),
        ["no-finish"] = new(FaultKind.NoFinish),
        ["no-usage"] = new(FaultKind.NoUsage),
        ["double-done"] = new(FaultKind.DoubleDone),
        ["oversize"] = new(FaultKind.Oversize),
        ["html504"] = new(FaultKind.Status) { Status = 504, Body = Html504, ContentType = "text/html" },
        ["drip"] = new(FaultKind.Split),
        ["filter-mid"] = new(FaultKind.FilterMid),
        ["finish"] = new(FaultKind.Finish) { Text = "insufficient_system_resource" },
        ["cut-before-finish"] = new(FaultKind.CutBeforeFinish),
        ["rst-before-finish"] = new(FaultKind.CutBeforeFinish) { Ending = SocketEnding.Reset },
        ["cut-after-finish"] = new(FaultKind.CutAfterFinish),
        ["rst-after-finish"] = new(FaultKind.CutAfterFinish) { Ending = SocketEnding.Reset },
        ["end-before-finish"] = new(FaultKind.EndBeforeFinish),
        ["gzip"] = new(FaultKind.Gzip),
        ["double-finish"] = new(FaultKind.DoubleFinish),
        ["zero-usage"] = new(FaultKind.ZeroUsage),
        ["wrong-usage"] = new(FaultKind.WrongUsage),
        ["tool-index"] = new(FaultKind.ToolIndex),
        ["shuffle"] = new(FaultKind.Shuffle),
        ["wrong-type"] = new(FaultKind.WrongType),
        ["other-model"] = new(FaultKind.OtherModel),
        ["ignore-limits"] = new(FaultKind.IgnoreLimits),
    }.ToFrozenDictionary();

    public static string All { get; } = string.Join(", ", Known.Keys.Order())
        + $", every status from 400 to 599, and of each vendor {string.Join(", ", ErrorClass.All)}, these also as events with {In200}";

    /// <summary>Takes a fault off a model name; a name without one, or with an unknown one, stays as it is.</summary>
    public static (string Model, Fault? Fault) Split(string model)
    {
        var mark = model.LastIndexOf('!');
        return mark > 0 && Parse(model[(mark + 1)..]) is { } fault ? (model[..mark], fault) : (model, null);
    }

    public static Fault? Parse(string text)
    {
        var rest = text.AsSpan();
        if (!TakeNumber(ref rest, '=', out var value) || !TakeNumber(ref rest, '@', out var position))
            return null;
        if (Resolve(rest.ToString()) is not { } fault)
            return null;
        return fault with
        {
            AfterBytes = position,
            AfterEvents = fault.Kind is FaultKind.Garbage or FaultKind.ErrorIn200 or FaultKind.FilterMid ? position ?? 0 : 0,
            DelayMs = value,
            RetryAfter = fault.Kind is FaultKind.Status or FaultKind.Error ? value : null,
        };
    }

    private static Fault? Resolve(string kind)
    {
        if (kind.Length == 3 && int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            return status is >= 400 and <= 599 ? new Fault(FaultKind.Status) { Status = status } : null;
        if (Known.GetValueOrDefault(kind) is { } known)
            return known;
        if (kind.EndsWith(In200, StringComparison.Ordinal) && ErrorClass.IsKnown(kind[..^In200.Length]))
            return new Fault(FaultKind.ErrorIn200) { Class = kind[..^In200.Length] };
        return ErrorClass.IsKnown(kind) ? new Fault(FaultKind.Error) { Class = kind } : null;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> text, char mark, out int? number)
    {
        number = null;
        var at = text.LastIndexOf(mark);
        if (at < 0)
            return true;
        if (!int.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        number = value;
        text = text[..at];
        return true;
    }
}

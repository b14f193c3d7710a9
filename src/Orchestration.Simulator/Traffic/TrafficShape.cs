using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Traffic;

/// <summary>How fast and how long each model answers: profile, then what was set by an administrative call, then headers.</summary>
internal sealed class TrafficShape(IOptions<SimulatorOptions> options)
{
    public const string SpeedHeader = "x-simulate-speed";
    public const string TokensHeader = "x-simulate-tokens";
    public const string VariantHeader = "x-simulate-variant";

    private readonly ConcurrentDictionary<(string Vendor, string Model), ShapeRequest> _shapes = [];
    private double _speed = options.Value.Speed;

    public double Speed
    {
        get => Volatile.Read(ref _speed);
        set => Volatile.Write(ref _speed, value);
    }

    public void Set(string vendor, string model, ShapeRequest shape) => _shapes[(vendor, model)] = shape;

    public bool Clear(string vendor, string model) => _shapes.TryRemove((vendor, model), out _);

    public void Clear() => _shapes.Clear();

    public RequestShape For(Vendor vendor, string model, IHeaderDictionary headers)
    {
        var profile = vendor.Find(model);
        var shape = _shapes.IsEmpty ? null : _shapes.GetValueOrDefault((vendor.Id, model)) ?? _shapes.GetValueOrDefault((vendor.Id, "*"));
        var speed = Number(headers, SpeedHeader) ?? Speed;
        return new RequestShape(
            (shape?.FirstTokenMs ?? profile?.FirstTokenMs ?? vendor.FirstTokenMs) * speed,
            (shape?.TokenMs ?? profile?.TokenMs ?? vendor.TokenMs) * speed,
            shape?.KeepAliveMs ?? vendor.KeepAliveMs,
            (int?)Number(headers, TokensHeader) ?? shape?.OutputTokens,
            shape?.CachedPercent ?? 0,
            headers.TryGetValue(VariantHeader, out var variant) ? variant.ToString() : shape?.Variant);
    }

    private static double? Number(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var value)
        && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>Delays and length of one answer.</summary>
internal readonly record struct RequestShape(double FirstTokenMs, double TokenMs, int KeepAliveMs, int? OutputTokens, int CachedPercent, string? Variant = null);

using Chaos.Load.Recording;
using CsCheck;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class NumberSetTests
{
    [Fact]
    public void It_behaves_like_a_set_whatever_the_order()
    {
        Gen.Long[1, 40].Array[0, 60].Sample(numbers =>
        {
            var set = new NumberSet();
            var model = new HashSet<long>();
            foreach (var number in numbers) Assert.Equal(model.Add(number), set.Add(number));
            Assert.Equal(model.Count, set.Count);
            Assert.Equal(model.Count == 0 ? 0 : model.Max(), set.Max);
            for (var number = 1; number <= 41; number++) Assert.Equal(model.Contains(number), set.Contains(number));
        });
    }

    [Fact]
    public void It_includes_another_exactly_when_it_has_every_number_of_it()
    {
        var numbers = Gen.Long[1, 12].Array[0, 14];
        Gen.Select(numbers, numbers).Sample((mine, others) =>
        {
            NumberSet set = new(), other = new();
            foreach (var number in mine) set.Add(number);
            foreach (var number in others) other.Add(number);
            Assert.Equal(others.All(mine.Contains), set.Includes(other.Snapshot()));
        });
    }
}
